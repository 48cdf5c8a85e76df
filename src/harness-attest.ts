import { basename, join, relative } from "node:path";
import type { Outcome } from "./command.ts";
import { writeJsonAtomic } from "./core/atomic-file.ts";
import { environmentVariable } from "./core/environment.ts";
import { exitCodeName, exitCodes } from "./core/exit-code.ts";
import { fileAt } from "./core/folder-files.ts";
import { given } from "./core/given.ts";
import { HarnessError } from "./core/harness-error.ts";
import { type Resource, signedStatement, testStatement } from "./core/in-toto.ts";
import { nearby } from "./core/nearby.ts";
import { writeOutput } from "./core/output-file.ts";
import { quoted } from "./core/printable.ts";
import { replaceableFile } from "./core/replaceable-file.ts";
import type { SealKey } from "./core/seal.ts";
import { evidenceOf } from "./gates/evidence.ts";
import { manifestFindings } from "./gates/manifest-findings.ts";
import { readManifests } from "./gates/read-manifests.ts";
import { contractAlone } from "./gates/policy.ts";
import { gateJudges, rawEvidence } from "./harness-gate.ts";
import { sealKey } from "./harness-key.ts";
import { evidenceFolder } from "./harness-seal.ts";

// The part of the composition root that says what runs came to in the words of in-toto.

/** What `attest` takes. */
export interface AttestFlags {
  /** Files, or `NAME@sha256:HEX`; none: the evidence itself. */
  readonly subjects: readonly string[];
  /** Where it is written; undefined: standard output. */
  readonly output: string | undefined;
  /** Where the runs were made; undefined: the job of GitHub Actions, if this is one. */
  readonly url: string | undefined;
  readonly keyFile: string | undefined;
  readonly tell: (line: string) => void;
}

/** Writes a statement of what the runs below a folder came to; in an envelope, where there is a key. Exit 12 for evidence that cannot be believed, 11 for none. */
export function attestFolder(asked: string | undefined, flags: AttestFlags): Outcome {
  const folder = evidenceFolder(asked);
  const { tell } = flags;
  const output = given(flags.output, "--output");
  if (output !== undefined) replaceableFile(output, { is: "statement", keys: ["_type", "payloadType"] });
  const key = signingKey(flags, folder);
  const subjects = flags.subjects.map(subjectOf);
  const raw = rawEvidence({ folder, coverage: join(folder, "no coverage"), plan: null }, contractAlone);
  // How old a run may be is for who decides by the statement: its files say when they ended.
  const nowMs = latestEnd(raw.folder.files.map(({ text }) => text ?? ""));
  const evidence = evidenceOf(raw, { policy: contractAlone, nowMs, ...gateJudges });
  const manifests = manifestFindings(raw.folder, evidence.chaos, {
    runs: readManifests(raw.folder, evidence.chaos),
    key: null,
    isRequired: false,
  });
  const wrong = [...evidence.findings, ...manifests.findings].filter(({ kind }) => kind === "unusable");
  if (wrong.length > 0) {
    const lines = wrong.map(({ file, field, reason }) => `${nearby(file)} ${field}: ${reason}`.trim());
    return said(exitCodes.unusable, [...lines, "Nothing was attested: this evidence cannot be believed."]);
  }
  if (evidence.chaos.length === 0) return said(exitCodes.inconclusive, [`There is no report below ${nearby(folder)}.`]);
  if (subjects.length === 0) tell("No --subject was given: the statement is about the evidence files themselves.");
  const about = subjects.length > 0 ? subjects : evidenceFiles(folder, [...raw.folder.files, ...raw.folder.manifests]);
  const contents = evidence.chaos.map(({ content }) => content);
  const statement = testStatement(about, contents, flags.url ?? jobUrl());
  const document = key === null ? statement : signedStatement(statement, key);
  const { result, passedTests, failedTests } = statement.predicate;
  const told = `${result}: ${passedTests.length} passed, ${failedTests.length} failed or not shown, about ${about.length} subjects${key === null ? ", not signed" : `, signed with the key ${key.keyId}`}`;
  tell(told);
  if (output === undefined)
    return { exitCode: exitCodes.pass, text: JSON.stringify(document, null, 2), json: document };
  writeOutput(output, (path) => writeJsonAtomic(path, document));
  return { exitCode: exitCodes.pass, text: `${told}\nwritten to ${nearby(output)}`, json: document };
}

function signingKey({ keyFile, tell }: AttestFlags, evidence: string): SealKey | null {
  const key = sealKey({ file: keyFile, use: "seal", evidence, tell });
  if (key === null || key.algorithm === "Ed25519") return key;
  throw new HarnessError("a secret cannot sign a statement that others are to verify; an Ed25519 private key can", {
    code: "no-seal-key",
    exit: "usage",
    next: "openssl genpkey -algorithm ed25519 -out seal.pem makes one",
  });
}

/** What was tested: a name with its digest, or a file that is digested now. */
function subjectOf(text: string): Resource {
  const named = /^(?<name>.+)@sha256:(?<digest>[0-9a-fA-F]{64})$/.exec(text)?.groups;
  const { name, digest } = named ?? {};
  if (name !== undefined && digest !== undefined) return { name, digest: { sha256: digest.toLowerCase() } };
  const found = fileAt("", text);
  if ("sha256" in found) return { name: basename(text), digest: { sha256: found.sha256 } };
  throw new HarnessError(`--subject ${quoted(text)}: ${found.problem}`, {
    code: "no-subject",
    exit: "usage",
    next: "name a file, or NAME@sha256: with 64 hexadecimal digits",
  });
}

function evidenceFiles(folder: string, files: readonly { readonly file: string }[]): readonly Resource[] {
  return files.flatMap(({ file }) => {
    const name = relative(folder, file);
    const found = fileAt(folder, name);
    return "sha256" in found ? [{ name, digest: { sha256: found.sha256 } }] : [];
  });
}

/** When the last of the runs ended that these texts tell of, in ms since 1970. */
function latestEnd(texts: readonly string[]): number {
  const ends = texts.flatMap((text) =>
    [...text.matchAll(/"finishedAt":\s*"([^"]+)"/g)].map(([, at = ""]) => Date.parse(at)),
  );
  return ends.filter((at) => Number.isFinite(at)).reduce((latest, at) => Math.max(latest, at), 0);
}

/** The page of the job, in GitHub Actions; null elsewhere. */
function jobUrl(): string | null {
  const [server, repository, run] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map(
    environmentVariable,
  );
  if (typeof server !== "string" || typeof repository !== "string" || typeof run !== "string") return null;
  return `${server}/${repository}/actions/runs/${run}`;
}

function said(exitCode: typeof exitCodes.unusable | typeof exitCodes.inconclusive, lines: readonly string[]): Outcome {
  const text = [...lines, `exit ${exitCode} (${exitCodeName(exitCode)})`].join("\n");
  return { exitCode, text, json: { exitCode, said: lines } };
}
