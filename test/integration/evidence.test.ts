import { createHash, generateKeyPairSync } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { performanceFile } from "../../src/core/contract.ts";
import type { Decision } from "../../src/core/decision.ts";
import { type Manifest, manifestOf } from "../../src/core/manifest.ts";
import { keyIdOf, type SealKey, sealStanding } from "../../src/core/seal.ts";
import { chaosClasses } from "../../src/core/scenario.ts";
import { readFolder } from "../../src/gates/read-folder.ts";
import { contractAlone } from "../../src/gates/policy.ts";
import { listedIn, store } from "../../src/harness-evidence.ts";
import { attestFolder, type AttestFlags } from "../../src/harness-attest.ts";
import { decisionOver, gateJudges } from "../../src/harness-gate.ts";
import { sealFolder, verifyFolder } from "../../src/harness-seal.ts";
import { baseReport, goodReports } from "../support/good-reports.ts";
import { fileOf, ReportFolder } from "../support/report-folder.ts";
import { runBeside } from "../support/run-beside.ts";

const base = mkdtempSync(join(tmpdir(), "evidence-"));
afterAll(() => rmSync(base, { recursive: true }));
let count = 0;

function keyOf(word: string): SealKey & { readonly algorithm: "HMAC-SHA256" } {
  const secret = createHash("sha256").update(word).digest();
  return { algorithm: "HMAC-SHA256", keyId: keyIdOf(secret), secret };
}
const key = keyOf("ours");
const keyFile = join(base, "seal.key");
writeFileSync(keyFile, key.secret, { mode: 0o600 });
const otherFile = join(base, "other.key");
writeFileSync(otherFile, keyOf("theirs").secret, { mode: 0o600 });

interface Place {
  readonly root: string;
  readonly reports: string;
  readonly finishedMs: number;
}

/** A good folder of reports on the disk, without manifests. */
function placed(folder = new ReportFolder()): Place {
  count += 1;
  const root = join(base, String(count));
  folder.save(root);
  return { root, reports: join(root, "reports"), finishedMs: folder.finishedMs };
}

function list(reports: string, sealKey: SealKey | null = null): void {
  store(reports, manifestOf({ kind: "reports" }, "0.1.0", listedIn(reports)), sealKey);
}

/** A good folder with the folder of one of its runs, listed throughout, and sealed where there is a key. */
function whole(file?: string): Place & { readonly run: string } {
  const place = placed();
  const [report] = new ReportFolder().good("leader_election_failure").series[0]?.reports ?? [];
  if (report === undefined) throw new Error("the fixture has no report");
  const run = runBeside(place.reports, report);
  list(place.reports);
  const sealed = file === undefined ? 0 : sealFolder(place.reports, { keyFile: file, tell: () => undefined }).exitCode;
  if (sealed !== 0) throw new Error(`the folder was not sealed: ${sealed}`);
  return { ...place, run };
}

async function decided(
  { root, reports, finishedMs }: Place,
  asked: { readonly sealKey?: SealKey; readonly isSealRequired?: boolean } = {},
): Promise<Decision> {
  const { isSealRequired = false, ...given } = asked;
  const policy = { ...contractAlone, release: { ...contractAlone.release, isSealRequired } };
  const nowMs = finishedMs + 3_600_000;
  const place = { folder: reports, coverage: join(root, "coverage", "coverage.json"), plan: null, ...given };
  return decisionOver(place, { policy, nowMs, ...gateJudges }, new Date(nowMs).toISOString());
}

const reasons = ({ blocking_issues: issues }: Decision): readonly string[] =>
  issues.map(({ kind, file, reason }) => `${kind} ${basename(file)}: ${reason}`);
const quiet = (): undefined => undefined;

describe("manifests", () => {
  test("A folder that is as it was listed is a GO, with a run's folder and without one, and so is one without a manifest.", async () => {
    for (const place of [whole(), placed()]) expect(reasons(await decided(place))).toEqual([]);
    const alone = whole();
    rmSync(alone.run, { recursive: true });
    expect(reasons(await decided(alone))).toEqual([]);
  });

  const spoilt: readonly (readonly [string, (place: ReturnType<typeof whole>) => void, 11 | 12, string])[] = [
    ["a byte of a node's log", ({ run }) => writeFileSync(join(run, "nodes", "n1.log"), "started!"), 12, "n1.log"],
    ["a file more in a run", ({ run }) => writeFileSync(join(run, "notes.txt"), "fine"), 12, "notes.txt"],
    ["a file less in a run", ({ run }) => rmSync(join(run, "nodes", "n1.log")), 12, "n1.log"],
    ["the run's manifest is gone", ({ run }) => rmSync(join(run, "manifest.json")), 11, "manifest.json"],
    ["the run's manifest is torn", ({ run }) => writeFileSync(join(run, "manifest.json"), "{"), 12, "manifest.json"],
    [
      "the run was listed again after something was altered",
      ({ run }) => {
        appendFileSync(join(run, "nodes", "n1.log"), "more\n");
        const manifest = JSON.parse(readFileSync(join(run, "manifest.json"), "utf8")) as Manifest;
        const sha256 = createHash("sha256")
          .update(readFileSync(join(run, "nodes", "n1.log")))
          .digest("hex");
        const files = manifest.files.map((one) => (one.path === "nodes/n1.log" ? { ...one, bytes: 13, sha256 } : one));
        store(run, { ...manifest, files }, null);
      },
      12,
      "manifest.json",
    ],
    [
      "a contract file is another good one than was listed",
      ({ reports }) => {
        const file = join(reports, "chaos_data_corruption.json");
        writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
      },
      12,
      "chaos_data_corruption.json",
    ],
    [
      "the manifest of reports is torn",
      ({ reports }) => writeFileSync(join(reports, "manifest.json"), "{"),
      12,
      "manifest.json",
    ],
    [
      "a listed contract file is gone",
      ({ reports }) => rmSync(join(reports, "performance.json")),
      11,
      "performance.json",
    ],
  ];
  test.each(spoilt)("Blocked, with the file: %s.", async (_what, spoil, exit, file) => {
    const place = whole();
    spoil(place);
    const decision = await decided(place);
    expect(decision.exit_code).toBe(exit);
    const kind = exit === 11 ? "inconclusive" : "unusable";
    expect(reasons(decision).filter((one) => one.startsWith(`${kind} ${file}:`))).not.toEqual([]);
    const verified = verifyFolder(place.reports, { keyFile: undefined, tell: quiet });
    // Taken away counts as altered where the folder itself is asked about.
    expect([11, 12]).toContain(verified.exitCode);
    expect(verified.text).toContain(file);
  });

  test.each<readonly [string, (manifest: string) => void, string]>([
    ["gone", (manifest) => rmSync(manifest), "inconclusive manifest.json: the run has no manifest"],
    ["torn", (manifest) => writeFileSync(manifest, "{"), "unusable manifest.json: the manifest cannot be read"],
  ])(
    "A run's manifest that is %s is told of by itself, also where no manifest of reports lists it.",
    async (_what, spoil, told) => {
      const place = whole();
      rmSync(join(place.reports, "manifest.json"));
      spoil(join(place.run, "manifest.json"));
      expect(reasons(await decided(place))).toEqual([expect.stringContaining(told)]);
    },
  );

  test("A listed file that is here under another name is the one that was listed; one that is nowhere is missing.", async () => {
    const place = whole();
    const file = join(place.reports, "chaos_data_corruption.json");
    renameSync(file, join(place.reports, "renamed.json"));
    expect(reasons(await decided(place))).toEqual([]);
    rmSync(join(place.reports, "renamed.json"));
    expect(reasons(await decided(place))).toContainEqual(
      expect.stringMatching(/^inconclusive chaos_data_corruption\.json: .*lists this file, and it is not here/),
    );
  });

  test("Another tool's manifest.json is none of ours, and neither is one in a folder without reports.", async () => {
    const place = placed();
    writeFileSync(join(place.reports, "manifest.json"), JSON.stringify({ name: "a page", icons: [] }));
    mkdirSync(join(place.reports, "other"));
    writeFileSync(join(place.reports, "other", "manifest.json"), "{");
    expect(reasons(await decided(place))).toEqual([]);
  });
});

describe("seals", () => {
  test("With the key that sealed it is a GO, and verify says so.", async () => {
    const place = whole(keyFile);
    expect(reasons(await decided(place, { sealKey: key, isSealRequired: true }))).toEqual([]);
    const said = verifyFolder(place.reports, { keyFile, tell: quiet });
    expect(said).toMatchObject({ exitCode: 0, json: { verified: true, keyId: key.keyId } });
  });

  test("Without a key a sealed folder is told as not verified; where a policy asks for seals that is not enough.", async () => {
    const place = whole(keyFile);
    const decision = await decided(place);
    expect(decision).toMatchObject({ exit_code: 0, warnings: [expect.stringContaining("were not verified")] });
    expect(verifyFolder(place.reports, { keyFile: undefined, tell: quiet })).toMatchObject({
      exitCode: 0,
      json: { verified: false },
    });
    const asked = await decided(place, { isSealRequired: true });
    expect(asked.exit_code).toBe(11);
    expect(reasons(asked)).toEqual([expect.stringContaining("no key was given")]);
  });

  test("Seals that are absent are missing (11), of manifests and of contract files that no manifest lists.", async () => {
    for (const place of [whole(), placed()]) {
      const decision = await decided(place, { sealKey: key });
      expect(decision.exit_code).toBe(11);
      expect(new Set(decision.blocking_issues.map(({ kind }) => kind))).toEqual(new Set(["inconclusive"]));
      expect(decision.blocking_issues.length).toBeGreaterThanOrEqual(6);
      expect(verifyFolder(place.reports, { keyFile, tell: quiet }).exitCode).toBe(11);
    }
    const unsealed = reasons(await decided(whole(), { sealKey: key }));
    expect(unsealed.filter((one) => one === "inconclusive manifest.json: the manifest is not sealed")).toHaveLength(2);
  });

  const forged: readonly (readonly [string, (place: ReturnType<typeof whole>) => void])[] = [
    [
      "sealed by another key",
      ({ reports }) => expect(sealFolder(reports, { keyFile: otherFile, tell: quiet }).exitCode).toBe(0),
    ],
    ["a seal that was cut", ({ reports }) => edit(reports, (one) => ({ ...one, value: one.value.slice(0, 20) }))],
    ["a seal that was made longer", ({ reports }) => edit(reports, (one) => ({ ...one, value: `${one.value}AAAA` }))],
    ["a seal that says another algorithm", ({ reports }) => edit(reports, (one) => ({ ...one, algorithm: "Ed25519" }))],
    [
      "the seal of an older manifest over a later one",
      ({ reports }) => {
        const { seal } = manifestAt(reports);
        const file = join(reports, "chaos_data_corruption.json");
        writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
        store(reports, { ...manifestOf({ kind: "reports" }, "0.1.0", listedIn(reports)), seal }, null);
      },
    ],
    [
      "an older sealed manifest over later reports",
      ({ reports }) => {
        const file = join(reports, "chaos_data_corruption.json");
        writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
      },
    ],
  ];
  test.each(forged)("Unusable (12) with the key: %s.", async (_what, forge) => {
    const place = whole(keyFile);
    forge(place);
    const decision = await decided(place, { sealKey: key });
    expect(decision.exit_code).toBe(12);
    expect(verifyFolder(place.reports, { keyFile, tell: quiet }).exitCode).toBe(12);
  });

  test("What is not as it was listed is not sealed, and nothing else is either.", () => {
    const { reports, run } = whole();
    appendFileSync(join(run, "nodes", "n1.log"), "more\n");
    const said = sealFolder(reports, { keyFile, tell: quiet });
    expect(said).toMatchObject({
      exitCode: 12,
      text: expect.stringMatching(/n1\.log was altered.*Nothing was sealed/s),
    });
    expect(manifestAt(reports).seal).toBeNull();
  });

  test("Where there is nothing to seal or to verify it is missing: exit 11.", () => {
    const empty = mkdtempSync(join(base, "empty-"));
    expect(sealFolder(empty, { keyFile, tell: quiet }).exitCode).toBe(11);
    expect(verifyFolder(empty, { keyFile, tell: quiet }).exitCode).toBe(11);
    expect(verifyFolder(empty, { keyFile: undefined, tell: quiet }).exitCode).toBe(11);
  });

  test("The private half seals, either half verifies, and the manifests of runs are sealed first.", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const [whole_, half] = [join(base, "seal.pem"), join(base, "seal.pub.pem")];
    writeFileSync(whole_, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    writeFileSync(half, publicKey.export({ type: "spki", format: "pem" }));
    const place = whole(whole_);
    for (const file of [whole_, half])
      expect(verifyFolder(place.reports, { keyFile: file, tell: quiet }).exitCode).toBe(0);
    const telling: SealKey = { algorithm: "Ed25519", keyId: keyIdOf(publicKey), publicKey, privateKey: null };
    expect(sealStanding(manifestAt(place.run), telling)).toEqual({ kind: "right" });
  });

  test.each<readonly [string, string | Buffer, RegExp]>([
    ["short", "a secret of 31 characters......", /has 31 bytes/],
    ["short with a line break", "a secret of 31 characters......\n", /has 31 bytes/],
    ["empty", "", /is empty/],
    [
      "an RSA key",
      generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }),
      /only Ed25519/,
    ],
    ["a torn PEM", "-----BEGIN PRIVATE KEY-----\nMC4\n", /no PEM key/],
    [
      "a locked PEM",
      generateKeyPairSync("ed25519").privateKey.export({
        type: "pkcs8",
        format: "pem",
        cipher: "aes-256-cbc",
        passphrase: "x",
      }),
      /locked by a passphrase/,
    ],
  ])("A key that is %s is refused, and its value is not told.", (name, text, problem) => {
    const file = join(base, `bad ${name}`);
    writeFileSync(file, text, { mode: 0o600 });
    const { reports } = whole();
    expect(() => sealFolder(reports, { keyFile: file, tell: quiet })).toThrow(problem);
    expect(() => sealFolder(reports, { keyFile: file, tell: quiet })).not.toThrow(/a secret of|MC4/);
  });

  const sshKey = `ssh-ed25519 ${"A".repeat(68)} someone@example.org\n`;
  const pair = generateKeyPairSync("ed25519");
  test.each<readonly [string, string | Buffer, RegExp]>([
    ["a public key of SSH", sshKey, /a public key of SSH: everybody may know it/],
    ["a public key in DER", pair.publicKey.export({ type: "spki", format: "der" }), /a key in DER; only PEM is read/],
    [
      "a private key in DER",
      pair.privateKey.export({ type: "pkcs8", format: "der" }),
      /a key in DER; only PEM is read/,
    ],
    ["32 times nothing", Buffer.alloc(32), /one byte over and over/],
  ])("What is long enough for a secret and is %s neither seals nor tells seals.", (name, bytes, problem) => {
    const file = join(base, `no secret, ${name}`);
    writeFileSync(file, bytes, { mode: 0o600 });
    const { reports } = whole();
    for (const use of [sealFolder, verifyFolder])
      expect(() => use(reports, { keyFile: file, tell: quiet })).toThrow(problem);
  });

  test.each<readonly [string, (file: string) => void]>([
    ["torn", (file) => writeFileSync(file, readFileSync(file, "utf8").slice(0, 100))],
    ["a link", (file) => (renameSync(file, `${file}.txt`), symlinkSync(`${file}.txt`, file))],
  ])("A manifest of reports that is %s is told (12), and nothing beside it is sealed.", (_what, spoil) => {
    const { root, reports } = whole();
    cpSync(reports, join(root, "all", "whole"), { recursive: true });
    cpSync(reports, join(root, "all", "spoilt"), { recursive: true });
    spoil(join(root, "all", "spoilt", "manifest.json"));
    const all = join(root, "all");
    for (const use of [verifyFolder, sealFolder]) {
      const { exitCode, text } = use(all, { keyFile: use === sealFolder ? keyFile : undefined, tell: quiet });
      expect([exitCode, text]).toEqual([12, expect.stringMatching(/spoilt.manifest.json cannot be read: it is/)]);
    }
    expect(manifestAt(join(all, "whole")).seal).toBeNull();
  });

  test("A public key does not seal, a key that is not there is named, and a key in the evidence speaks for nothing.", () => {
    const { reports } = whole();
    const half = join(base, "half.pem");
    writeFileSync(half, generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }));
    expect(() => sealFolder(reports, { keyFile: half, tell: quiet })).toThrow(/is a public key/);
    expect(() => sealFolder(reports, { keyFile: join(base, "nowhere"), tell: quiet })).toThrow(
      /nowhere cannot be read: ENOENT/,
    );
    copyFileSync(keyFile, join(reports, "seal.key"));
    expect(() => verifyFolder(reports, { keyFile: join(reports, "seal.key"), tell: quiet })).toThrow(/lies in/);
    expect(() => sealFolder(reports, { keyFile: undefined, tell: quiet })).toThrow(/no key was given/);
  });

  test("A key that others may read is warned of, a public one is not.", () => {
    const { reports } = whole();
    const open = join(base, "open.key");
    writeFileSync(open, key.secret, { mode: 0o644 });
    const told: string[] = [];
    sealFolder(reports, { keyFile: open, tell: (line) => told.push(line) });
    expect(told).toEqual([expect.stringContaining("can be read by others")]);
  });
});

function manifestAt(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
}

function edit(folder: string, change: (seal: NonNullable<Manifest["seal"]>) => Manifest["seal"]): void {
  const manifest = manifestAt(folder);
  if (manifest.seal === null) throw new Error("it is not sealed");
  store(folder, { ...manifest, seal: change(manifest.seal) }, null);
}

describe("artifacts of a matrix", () => {
  const good = goodReports(baseReport());
  const one = (name: (typeof chaosClasses)[number]): readonly (readonly [string, string])[] => [
    [`chaos_${name}.json`, JSON.stringify(good.chaos[name])],
    ["performance.json", JSON.stringify(performanceFile([good.chaos[name]]))],
  ];
  /** Five artifacts, one a class, each with its contract files, laid out in a way. */
  function laidOut(at: (name: string, file: string) => string): Place {
    const folder = new ReportFolder().drop("reports/performance.json");
    for (const name of chaosClasses) folder.drop(fileOf(name));
    for (const name of chaosClasses) for (const [file, text] of one(name)) folder.write(at(name, file), text);
    return placed(folder);
  }

  test.each<readonly [string, (name: string, file: string) => string]>([
    ["a folder for each", (name, file) => `reports/chaos-${name}/${file}`],
    ["a folder for each, with their paths in it", (name, file) => `reports/${name}/home/work/reports/${file}`],
    ["one folder, with names of their own", (name, file) => `reports/${name}-${file}`],
    [
      "names that a browser gave",
      (name, file) => `reports/${file.replace(".json", ` (${chaosClasses.findIndex((each) => each === name)}).json`)}`,
    ],
    [
      "names that tell nothing",
      (name, file) =>
        `reports/x/${createHash("sha1")
          .update(name + file)
          .digest("hex")}.JSON`,
    ],
  ])("n artifacts are found by what they hold: %s.", async (_layout, at) => {
    const decision = await decided(laidOut(at));
    expect(reasons(decision)).toEqual([]);
    expect(decision).toMatchObject({ recommendation: "GO", files: { length: 11 } });
  });

  test("1 artifact that lies in the folder itself, and none at all, are missing what is not there: 11.", async () => {
    const alone = laidOut((name, file) =>
      name === "data_corruption" ? `reports/${file}` : `elsewhere/${name}/${file}`,
    );
    const decision = await decided(alone);
    expect(decision.exit_code).toBe(11);
    expect(decision.criteria.find(({ criterion }) => criterion === "data_corruption")?.status).toBe("PASS");
    const none = await decided(laidOut((name, file) => `elsewhere/${name}/${file}`));
    expect(none).toMatchObject({ exit_code: 11, go_criteria_met: 1 });
    expect(none.files).toEqual([expect.stringContaining("coverage.json")]);
  });

  test("1 artifact that holds all is a GO wherever it was extracted.", async () => {
    const place = placed();
    renameSync(place.reports, join(place.root, "artifact"));
    mkdirSync(place.reports);
    cpSync(join(place.root, "artifact"), join(place.reports, "reports"), { recursive: true });
    expect(reasons(await decided(place))).toEqual([]);
  });

  test("Artifacts of one name that were put over each other are missing, not unnoticed.", async () => {
    const decision = await decided(laidOut((_name, file) => `reports/${file}`));
    expect(decision.exit_code).toBe(11);
    expect(reasons(decision)).toContainEqual(expect.stringContaining("performance.json"));
  });

  test("Two artifacts with one name and other content in folders of their own both count; the same twice counts once.", async () => {
    const place = placed();
    mkdirSync(join(place.reports, "again"));
    for (const name of ["chaos_data_corruption.json", "performance.json"]) {
      copyFileSync(join(place.reports, name), join(place.reports, "again", name));
    }
    const twice = await decided(place);
    expect(reasons(twice)).toEqual([]);
    expect(twice.files).toHaveLength(9);
    const { files, copies } = readFolder(place.reports);
    expect([files.length, copies.map(({ file, of }) => [basename(file), basename(of)])]).toEqual([
      6,
      ["chaos_data_corruption.json", "performance.json"].map((name) => [name, name]),
    ]);
    const failed = new ReportFolder().honest("data_corruption", (report) => ({ ...report, status: "fail" }));
    writeFileSync(join(place.reports, "again", "chaos_data_corruption.json"), failed.text(fileOf("data_corruption")));
    expect((await decided(place)).exit_code).toBe(12);
  });

  test("What is not evidence stays none: a decision, a coverage file, a package, a schema, a run's report alone.", async () => {
    const place = placed();
    const write = (name: string, value: unknown): void =>
      writeFileSync(join(place.reports, name), JSON.stringify(value));
    const [report] = new ReportFolder().good("data_corruption").series[0]?.reports ?? [];
    write("decision.json", await decided(place));
    write("coverage.json", { summary: { line_coverage: 12 } });
    write("package.json", { name: "x", version: "1.0.0" });
    write("schema.json", { properties: { recovery_successful: { type: "boolean" }, rests_on: {} } });
    write("report.json", report);
    write("list.json", [good.chaos.data_corruption]);
    writeFileSync(join(place.reports, "torn.json"), '{"name":"x","recovery_successful":');
    expect(reasons(await decided(place))).toEqual([]);
  });

  test("Ten thousand other JSON files are looked through in seconds.", async () => {
    const place = placed();
    for (let index = 0; index < 10_000; index += 1) {
      const folder = join(place.reports, String(index % 100));
      if (index < 100) mkdirSync(folder);
      writeFileSync(join(folder, `${index}.json`), JSON.stringify({ index, text: "x".repeat(500) }));
    }
    const before = performance.now();
    expect((await decided(place)).exit_code).toBe(0);
    expect(performance.now() - before).toBeLessThan(5000);
  }, 60_000);
});

describe("statements", () => {
  const asked: AttestFlags = { subjects: [], output: undefined, url: undefined, keyFile: undefined, tell: quiet };

  test("A good folder is PASSED, about what is named: a file by its digest, or a name with one.", () => {
    const { reports, root } = whole();
    const file = join(root, "server.tgz");
    writeFileSync(file, "abc");
    const output = join(root, "statement.json");
    const named = `registry/server@sha256:${"A".repeat(64)}`;
    expect(attestFolder(reports, { ...asked, subjects: [file, named], output }).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(output, "utf8"))).toMatchObject({
      subject: [
        { name: "server.tgz", digest: { sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" } },
        { name: "registry/server", digest: { sha256: "a".repeat(64) } },
      ],
      predicate: { result: "PASSED", failedTests: [] },
    });
  });

  test("Without a subject it is about the evidence files, and says so.", () => {
    const told: string[] = [];
    const { json } = attestFolder(whole().reports, { ...asked, tell: (line) => told.push(line) });
    expect(json).toMatchObject({ subject: { length: 7 } });
    expect(told[0]).toContain("about the evidence files themselves");
  });

  test("Evidence that was altered is not attested (12), none is missing (11), and a subject that is not there is a wrong call.", () => {
    const altered = placed(new ReportFolder().set(fileOf("data_corruption"), "/recovery_successful", false));
    expect(attestFolder(altered.reports, asked)).toMatchObject({
      exitCode: 12,
      text: expect.stringContaining("Nothing was attested"),
    });
    const listed = whole();
    appendFileSync(join(listed.run, "nodes", "n1.log"), "more");
    expect(attestFolder(listed.reports, asked).exitCode).toBe(12);
    expect(attestFolder(mkdtempSync(join(base, "none-")), asked).exitCode).toBe(11);
    expect(() => attestFolder(whole().reports, { ...asked, subjects: ["nowhere.tgz"] })).toThrow(/nowhere.tgz.*ENOENT/);
    expect(() => attestFolder(whole().reports, { ...asked, keyFile })).toThrow(/a secret cannot sign/);
    const { reports } = whole();
    for (const [output, problem] of [
      [join(reports, "performance.json"), /performance.json is there already, and is no statement/],
      ["", /--output is empty/],
    ] as const)
      expect(() => attestFolder(reports, { ...asked, output })).toThrow(problem);
  });

  test("A run that failed is FAILED, and attested all the same.", () => {
    const failed = new ReportFolder().honest("data_corruption", () => null);
    const { exitCode, json } = attestFolder(placed(failed).reports, asked);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ predicate: { result: "FAILED" } });
  });
});
