import { points } from "../conformance/index.ts";

/** A fault to plant in the built-in server, and the tests that must catch it. */
export interface Mutant {
  readonly what: string;
  /** In src/proxy. */
  readonly file: string;
  /** Texts, and what stands there instead. */
  readonly edits: readonly (readonly [text: string, instead: string])[];
  readonly tests: NamedTests;
}

/** Tests of one file, from the root, by their whole titles. */
export interface NamedTests {
  readonly file: string;
  readonly titles: readonly string[];
}

/** Faults in what Toxiproxy does too, caught by points. Each lets its server pass for Toxiproxy with clients whose tests look at the API alone. */
export const mutants: readonly Mutant[] = [
  mutant(
    "slicer passes everything through",
    "toxics/slicer.ts",
    [60],
    [
      [
        "take: (chunk) => enqueue({ chunk, ends: cuts(chunk.length, setting, random), start: 0 })",
        "take: (chunk) => output.pass(chunk)",
      ],
    ],
  ),
  mutant("slicer does not wait", "toxics/slicer.ts", [60], [['freeAtMs += setting("delay") / 1000;', ""]]),
  mutant(
    "limit_data never closes",
    "toxics/limit-data.ts",
    [59],
    [['if (passedBytes < setting("bytes")) return;', "if (passedBytes >= 0) return;"]],
  ),
  mutant(
    "limit_data lets the whole last chunk through",
    "toxics/limit-data.ts",
    [59],
    [
      [
        'chunk.subarray(0, Math.max(0, setting("bytes") - passedBytes))',
        'passedBytes < setting("bytes") ? chunk : chunk.subarray(0, 0)',
      ],
    ],
  ),
  mutant(
    "limit_data lets one byte too many through",
    "toxics/limit-data.ts",
    [59],
    [['setting("bytes") - passedBytes', 'setting("bytes") + 1 - passedBytes']],
  ),
  mutant(
    "slow_close does not hold",
    "toxics/slow-close.ts",
    [57],
    [['(setting("delay") > 0 ? timer.set(setting("delay"), letGo) : letGo())', "letGo()"]],
  ),
  mutant("toxicity is ignored", "slot.ts", [62], [["const { toxicity } = this.toxic;", "const toxicity: number = 1;"]]),
  mutant(
    "toxicity is drawn for each chunk",
    "slot.ts",
    [62],
    [
      ["if (toxicity >= 1 || toxicity <= 0) return toxicity >= 1;", "if (toxicity > 0) return true;"],
      [
        "this.stage = this.toxic.openStage({ output: this });",
        'const stage = this.toxic.openStage({ output: this }); this.stage = { ...stage, take: (chunk) => (this.toxic.random("toxicity").fraction() < this.toxic.toxicity ? stage.take(chunk) : this.next.take(chunk)) };',
      ],
    ],
  ),
  mutant("jitter is ignored", "toxics/latency.ts", [51], [["return jitterMs > 0 ?", "return jitterMs < 0 ?"]]),
  mutant(
    "toxics act on the other stream",
    "connection.ts",
    [63],
    [
      [
        "this.#flows[toxic.spec.direction].add(",
        'this.#flows[toxic.spec.direction === "upstream" ? "downstream" : "upstream"].add(',
      ],
    ],
  ),
  mutant(
    "latency drops what it holds when it is removed",
    "toxics/latency.ts",
    [53],
    [["queue.splice(0).forEach(handOn);", "queue.splice(0);"]],
  ),
  mutant(
    "bandwidth counts 1024 bytes as a KB",
    "slow-line.ts",
    [55],
    [["this.#pieceOf(head).length / this.#rateOf(head)", "this.#pieceOf(head).length / (this.#rateOf(head) * 1.024)"]],
  ),
  mutant(
    "timeout lets bytes through",
    "toxics/timeout.ts",
    [58],
    [["take: restart,", "take: (chunk) => { restart(); output.pass(chunk); },"]],
  ),
  mutant(
    "timeout does not close when it is removed",
    "toxics/timeout.ts",
    [58, 43],
    [["removed: () => output.endByToxic(),", "removed: () => {},"]],
  ),
  mutant("reset_peer closes with FIN", "toxics/reset-peer.ts", [61], [["output.reset()", 'output.end("full")']]),
  mutant(
    "POST /reset leaves toxics",
    "fleet.ts",
    [43],
    [["proxy.toxics.all().forEach((toxic) => proxy.toxics.remove(toxic));", "proxy.toxics.all();"]],
  ),
  mutant(
    "a disabled proxy keeps its connections",
    "tcp-proxy.ts",
    [21],
    [["this.#each((connection) => connection.destroy());", ""]],
  ),
  mutant(
    "a change of a toxic forgets the other attributes",
    "toxic-spec.ts",
    [40],
    [["(attribute) => toxic.setting(attribute)", "() => 0"]],
  ),
  mutant(
    "populate drops the toxics of an unchanged proxy",
    "fleet.ts",
    [32],
    [["if (!(await existing.differsFrom(spec))) return existing;", ""]],
  ),
  mutant(
    "packet_loss loses nothing",
    "toxics/packet-loss.ts",
    [88],
    [["if (!wasLost) output.pass(chunk);", "output.pass(chunk);"]],
  ),
];

function mutant(what: string, file: string, numbers: readonly number[], edits: Mutant["edits"]): Mutant {
  const titles = points
    .filter(({ number }) => numbers.includes(number))
    .map(({ number, title }) => `${number}: ${title}`);
  return { what, file, edits, tests: { file: "test/integration/proxy-conformance.test.ts", titles } };
}
