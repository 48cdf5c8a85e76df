import { basename } from "node:path/posix";
import type { Check, Evidenced } from "../core/check.ts";
import type { EventOf } from "../core/history-event.ts";
import { isList } from "../core/json.ts";
import { sampleValue } from "../core/probe.ts";
import type { Evidence } from "../core/verdict.ts";
import { reportsOf } from "./reports-of.ts";
import { unknownVerdict } from "./unknown-verdict.ts";

const name = "corruption-repaired";
/** So many files are told one by one. */
const toldFiles = 5;
/** Faults that alter stored files; an altered audit record is another check's. */
const altering = ["bit-flip", "torn-write", "truncate"];

type Altered = EventOf<"fault.altered">;

/**
 * Whether every stored file that was altered was found by its node, and is repaired in the end (spec/3-scenarios: data-corruption): the altered
 * bytes are not there any more when the harness reads the disk, and nothing waits in quarantine. Unknown where nothing was altered.
 */
export const corruptionRepaired: Check = {
  name,
  guards: "data",
  summary: "Every stored file that was altered is found by its node, and repaired in the end.",
  samples: ["metrics"],
  check: (evidence) => {
    const { plan, history } = evidence;
    const faults = plan.timeline.flatMap((step) =>
      step.kind === "inject" && altering.includes(step.fault) ? [step.id] : [],
    );
    const altered = [...history.eventsOf("fault.altered")].filter(({ fault }) => faults.includes(fault));
    const count = altered.reduce((sum, { files }) => sum + files.length, 0);
    if (count === 0) return unknownVerdict(name, "no stored file was altered");
    const told = altered.map((one) => toldOf(one, evidence));
    const [first, ...rest] = [...told.flatMap(({ wrong }) => wrong), ...stillAltered(faults, evidence)];
    if (first !== undefined) return { check: name, status: "fail", evidence: [first, ...rest] };
    const untold = told.flatMap(({ untold: reason }) => reason ?? []);
    if (untold.length > 0) return unknownVerdict(name, untold.join("; "));
    const nodes = [...new Set(altered.map(({ node }) => node))];
    const text = `${nodes.length} nodes found all ${count} altered files; none is in quarantine in the end, and no altered byte was left on disk`;
    return { check: name, status: "pass", evidence: [{ text, nodes, atMs: altered.map(({ atMs }) => atMs) }] };
  },
};

interface Told {
  readonly wrong: readonly Evidence[];
  readonly untold: string | null;
}

function toldOf({ node, files, atMs, fault }: Altered, evidence: Evidenced): Told {
  const reports = reportsOf(node, atMs, evidence);
  const last = reports.at(-1);
  if (last === undefined) return { wrong: [], untold: `${node} told nothing of its files after ${fault}` };
  const found = new Set(
    reports.flatMap((sample) => {
      const names = sampleValue(sample, "corruptFound");
      return isList(names) ? names : [];
    }),
  );
  const missed = files.filter((file) => !found.has(basename(file)));
  const wrong: Evidence[] = [];
  if (missed.length > 0) {
    const shown = missed.slice(0, toldFiles).map((file) => file.slice(0, 24));
    const text = `${node} never found ${missed.length} of ${files.length} files that ${fault} altered: ${shown.join(", ")}`;
    wrong.push({ text, nodes: [node], atMs: [atMs] });
  }
  const waiting = sampleValue(last, "quarantined");
  if (typeof waiting === "number" && waiting > 0) {
    const text = `${node} still has ${waiting} files in quarantine at ${last.atMs} ms that nobody repaired`;
    wrong.push({ text, nodes: [node], atMs: [last.atMs] });
  }
  const untold = typeof waiting === "number" ? null : `${node} does not tell how many files wait for repair`;
  return { wrong, untold };
}

/** Files whose altered bytes were still there when the harness read them last. */
function stillAltered(faults: readonly string[], { history }: Evidenced): readonly Evidence[] {
  const last = new Map([...history.eventsOf("fault.healed")].map((event) => [event.fault, event]));
  return faults.flatMap((fault) => {
    const { altered = 0, atMs = 0 } = last.get(fault) ?? {};
    if (altered === 0) return [];
    return [{ text: `${fault}: on ${altered} nodes altered bytes were still on disk at ${atMs} ms`, atMs: [atMs] }];
  });
}
