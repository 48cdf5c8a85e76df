import { sign } from "node:crypto";
import type { ChaosFile } from "./contract.ts";
import type { SealKey } from "./seal.ts";

/** What was tested, or with what: a name and the SHA-256 of its bytes. */
export interface Resource {
  readonly name: string;
  readonly digest: { readonly sha256: string };
}

/** An in-toto Statement v1 with the predicate test-result v0.1 (in-toto/attestation, spec/predicates/test-result.md). */
export interface TestStatement {
  readonly _type: "https://in-toto.io/Statement/v1";
  readonly subject: readonly Resource[];
  readonly predicateType: "https://in-toto.io/attestation/test-result/v0.1";
  readonly predicate: {
    /** The predicate has no word for what was not shown: that is FAILED. */
    readonly result: "PASSED" | "FAILED";
    readonly configuration: readonly Resource[];
    /** Where the tests ran; absent: not known. */
    readonly url?: string;
    readonly passedTests: readonly string[];
    readonly warnedTests: readonly string[];
    readonly failedTests: readonly string[];
  };
}

/** What the runs of chaos files came to, as a statement about these subjects. Nothing at all is no pass. */
export function testStatement(
  subject: readonly Resource[],
  files: readonly Pick<ChaosFile, "series">[],
  url: string | null,
): TestStatement {
  const tests = files.flatMap(({ series }) => series.flatMap(testsOf));
  const named = (isPassed: boolean): readonly string[] => [
    ...new Set(tests.filter((one) => one.isPassed === isPassed).map(({ name }) => name)),
  ];
  const [passedTests, failedTests] = [named(true), named(false)];
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject,
    predicateType: "https://in-toto.io/attestation/test-result/v0.1",
    predicate: {
      result: passedTests.length > 0 && failedTests.length === 0 ? "PASSED" : "FAILED",
      configuration: configurationOf(files),
      ...(url === null ? {} : { url }),
      passedTests,
      warnedTests: [],
      failedTests,
    },
  };
}

/** Each verdict of each run is a test, and so is that each run which was planned was carried through. */
function testsOf(one: ChaosFile["series"][number]): readonly { readonly name: string; readonly isPassed: boolean }[] {
  const { scenario, series, planned, reports, runs, brokenOff } = one;
  return [
    ...reports.flatMap(({ plan, verdicts, status }) => {
      const run = `${scenario} ${plan.variant.name} ${plan.repetition}`;
      const all = verdicts.map((verdict) => ({
        name: `${run}: ${verdict.check}`,
        isPassed: verdict.status === "pass",
      }));
      return [...all, { name: `${run}: all of it`, isPassed: status === "pass" }];
    }),
    ...brokenOff.map(({ variant, repetition }) => ({
      name: `${scenario} ${variant} ${repetition}: carried through`,
      isPassed: false,
    })),
    {
      name: `${scenario}: every planned run of ${series}`,
      isPassed: runs.length === planned && brokenOff.length === 0,
    },
  ];
}

/** The scenario files and plans that were run, each once. */
function configurationOf(files: readonly Pick<ChaosFile, "series">[]): readonly Resource[] {
  const plans = files.flatMap(({ series }) => series.flatMap(({ reports }) => reports.map(({ plan }) => plan)));
  const all = plans.flatMap(({ scenario, variant, repetition, source, digest }): readonly Resource[] => [
    { name: source.file, digest: { sha256: source.digest } },
    { name: `plan of ${scenario.name} ${variant.name} ${repetition}`, digest: { sha256: digest } },
  ]);
  return [...new Map(all.map((one) => [`${one.name} ${one.digest.sha256}`, one])).values()];
}

/** A DSSE envelope: what is signed, with its type and signatures. */
export interface Envelope {
  readonly payloadType: string;
  /** In base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

const payloadType = "application/vnd.in-toto+json";

/** What a DSSE signature is over (DSSE v1, "Signature Definition"): type and body, each after its length in bytes. */
export function preAuthenticationEncoding(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `), body]);
}

/** A statement in an envelope, signed. Throws `TypeError` for a key that is not the private half of an Ed25519 pair. */
export function signedStatement(statement: TestStatement, key: SealKey): Envelope {
  if (key.algorithm !== "Ed25519" || key.privateKey === null) throw new TypeError("only an Ed25519 private key signs");
  const body = Buffer.from(JSON.stringify(statement));
  const sig = sign(null, preAuthenticationEncoding(payloadType, body), key.privateKey).toString("base64");
  return { payloadType, payload: body.toString("base64"), signatures: [{ keyid: key.keyId, sig }] };
}
