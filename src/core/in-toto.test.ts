import { generateKeyPairSync, verify } from "node:crypto";
import { expect, test } from "vitest";
import type { ChaosFile } from "./contract.ts";
import { preAuthenticationEncoding, signedStatement, testStatement } from "./in-toto.ts";
import { keyIdOf, type SealKey } from "./seal.ts";

const subject = [{ name: "server.tgz", digest: { sha256: "a".repeat(64) } }];
type Series = ChaosFile["series"][number];

/** A series with runs of these verdicts; what a statement does not read is left out. */
function seriesOf(statuses: readonly (readonly string[])[], planned = statuses.length): Series {
  const reports = statuses.map((verdicts, index) => ({
    status: verdicts.find((one) => one !== "pass") ?? "pass",
    plan: {
      scenario: { name: "leader-loss" },
      variant: { name: "kill" },
      repetition: index + 1,
      source: { file: "catalogue/leader-loss.yaml", digest: "b".repeat(64) },
      digest: "c".repeat(64),
    },
    verdicts: verdicts.map((status, at) => ({ check: `check ${at}`, status })),
  }));
  const runs = reports.map((_one, index) => ({ run: String(index), isRecovered: true, reason: "" }));
  return { scenario: "leader-loss", series: "s", planned, reports, runs, brokenOff: [] } as unknown as Series;
}
const of = (...series: readonly Series[]) => testStatement(subject, [{ series }], null).predicate;

test("Runs that all passed are PASSED, each verdict and each run by its name, with scenario file and plan as configuration.", () => {
  expect(testStatement(subject, [{ series: [seriesOf([["pass", "pass"]])] }], "https://ci/1")).toEqual({
    _type: "https://in-toto.io/Statement/v1",
    subject,
    predicateType: "https://in-toto.io/attestation/test-result/v0.1",
    predicate: {
      result: "PASSED",
      configuration: [
        { name: "catalogue/leader-loss.yaml", digest: { sha256: "b".repeat(64) } },
        { name: "plan of leader-loss kill 1", digest: { sha256: "c".repeat(64) } },
      ],
      url: "https://ci/1",
      passedTests: [
        "leader-loss kill 1: check 0",
        "leader-loss kill 1: check 1",
        "leader-loss kill 1: all of it",
        "leader-loss: every planned run of s",
      ],
      warnedTests: [],
      failedTests: [],
    },
  });
});

test.each([
  ["failed", seriesOf([["pass", "fail"]]), "leader-loss kill 1: check 1"],
  ["was not shown", seriesOf([["pass", "unknown"]]), "leader-loss kill 1: check 1"],
  ["has fewer runs than planned", seriesOf([["pass"]], 2), "leader-loss: every planned run of s"],
])("What %s is FAILED, and named.", (_what, series, name) => {
  expect(of(series)).toMatchObject({ result: "FAILED", failedTests: expect.arrayContaining([name]) });
});

test("A run that was broken off is a failed test of its own.", () => {
  const brokenOff = [{ run: "r", variant: "cut", repetition: 2, reason: "x", reproduce: "x", expected: [] }];
  expect(of({ ...seriesOf([["pass"]], 2), brokenOff })).toMatchObject({
    result: "FAILED",
    failedTests: ["leader-loss cut 2: carried through", "leader-loss: every planned run of s"],
  });
});

test("Nothing at all is no pass.", () => {
  expect(of()).toEqual({ result: "FAILED", configuration: [], passedTests: [], warnedTests: [], failedTests: [] });
});

test("What is signed is encoded as DSSE says, with its own example.", () => {
  const encoded = preAuthenticationEncoding("http://example.com/HelloWorld", Buffer.from("hello world"));
  expect(encoded.toString()).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  expect(preAuthenticationEncoding("ä", Buffer.from("ö")).toString()).toBe("DSSEv1 2 ä 2 ö");
  expect(preAuthenticationEncoding("", Buffer.alloc(0)).toString()).toBe("DSSEv1 0  0 ");
});

test("An envelope is verified by the public key over type and payload, and by nothing else.", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key: SealKey = { algorithm: "Ed25519", keyId: keyIdOf(publicKey), privateKey, publicKey };
  const statement = testStatement(subject, [{ series: [seriesOf([["pass"]])] }], null);
  const { payload, payloadType, signatures } = signedStatement(statement, key);
  const [{ sig, keyid } = { sig: "", keyid: "" }] = signatures;
  const body = Buffer.from(payload, "base64");
  expect(JSON.parse(body.toString())).toEqual(statement);
  expect([payloadType, keyid]).toEqual(["application/vnd.in-toto+json", key.keyId]);
  const isRight = (type: string, bytes: Buffer): boolean =>
    verify(null, preAuthenticationEncoding(type, bytes), publicKey, Buffer.from(sig, "base64"));
  expect(isRight(payloadType, body)).toBe(true);
  expect(isRight("application/json", body)).toBe(false);
  expect(isRight(payloadType, Buffer.concat([body, Buffer.from(" ")]))).toBe(false);
  const half: SealKey = { ...key, privateKey: null };
  expect(() => signedStatement(statement, half)).toThrow(TypeError);
});
