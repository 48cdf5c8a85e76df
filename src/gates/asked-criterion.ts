import type { Finding } from "../core/decision.ts";
import type { Measurement } from "../core/measurement.ts";
import { ranked } from "../core/ranked.ts";
import type { Expectation } from "../core/scenario.ts";
import { merged } from "../core/spread.ts";
import { repetitionsToShow, shownShare } from "../core/statistics.ts";
import type { Verdict } from "../core/verdict.ts";
import type { Criterion, Judged } from "./criterion.ts";
import { type Evidence, runCommand } from "./evidence.ts";
import { isMarginal, marginText, worseEndFor } from "./margin.ts";
import { findingAt, type Place, when } from "./place.ts";
import type { Asked, Requirement } from "./policy.ts";
import type { Judging } from "./report-findings.ts";
import { judged, measured, type Sample } from "./samples.ts";
import { untold } from "./source-evidence.ts";
import { inWords } from "./words.ts";

/** What a criterion of a policy is judged with. */
export interface AskedJudging extends Pick<Judging, "expectations"> {
  readonly marginalShare: number;
  /** What stands before its reasons; empty for none. */
  readonly prefix: string;
}

interface Asking extends AskedJudging {
  readonly asked: Asked;
  readonly evidence: Evidence;
}

/** The criterion that a policy asks for: each of its requirements holds in every run, or file, that it is about, and there is one at least. */
export function askedCriterion(asked: Asked, judging: AskedJudging): Criterion {
  return {
    summary: asked.title,
    judge: (evidence) => {
      const parts = asked.requires.map((requirement) => judgeOne(requirement, { ...judging, asked, evidence }));
      const worst = parts.find(({ findings }) => findings.length > 0) ?? parts[0];
      const told = parts.map(({ measured: one }) => one);
      return {
        file: worst?.file ?? asked.place,
        measured: told.length === 0 || told.includes(null) ? null : told.join("; "),
        required: parts.map(({ required }) => required).join("; "),
        findings: parts.flatMap(({ findings }) => findings),
        isMarginal: parts.some((one) => one.isMarginal === true),
      };
    },
  };
}

function judgeOne(requirement: Requirement, asking: Asking): Judged {
  const { asked, evidence, prefix } = asking;
  const said = saying(requirement, asking);
  const worst = said.find(({ finding }) => finding !== null) ?? said.find((one) => one.isMarginal) ?? said[0];
  const place: Place = {
    file: asked.place,
    field: "",
    criteria: [asked.name],
    command: runCommand("--all", evidence.folder),
  };
  const required = requirement.text;
  const about = requirement.kind === "check" ? requirement.check : requirement.expectation.measure;
  const missing = (reason: string, found: string, needed: string): Finding => ({
    ...findingAt(place, "inconclusive", { reason: `${prefix}${reason}`, measured: found, required: needed }),
    about,
  });
  const due =
    asked.demonstrated === null
      ? asked.repetitions
      : Math.max(asked.repetitions, repetitionsToShow(asked.demonstrated));
  const runs = asked.isPooled ? runsThatTell(requirement, asking) : said.length;
  const isFew = said.length > 0 && runs < due;
  const shows = asked.isPooled ? "" : `: ${runs} runs that all hold show ${(shownShare(runs) * 100).toFixed(0)} %`;
  return {
    file: worst?.place.file ?? asked.place,
    measured: worst?.measured ?? null,
    required,
    isMarginal: said.some((one) => one.isMarginal),
    findings: [
      ...when(said.length === 0 && !isToldOf(asking), () =>
        missing(`nothing tells ${about} of what is meant`, "absent", required),
      ),
      ...when(isFew, () => missing(`${about} was shown by too few runs${shows}`, `${runs} runs`, `${due} runs`)),
      ...said.flatMap(({ finding }) => finding ?? []),
    ],
  };
}

/** How many runs tell what is pooled. */
function runsThatTell(requirement: Requirement, { asked, evidence }: Asking): number {
  if (requirement.kind === "check") return 0;
  const all = measured(requirement.expectation.measure, asked.where, evidence);
  return all.filter(({ said }) => said !== null && said.kind !== "not-measured").length;
}

/** Whether what is wrong with the files that should tell it is told by their own findings. */
function isToldOf({ asked, evidence }: Asking): boolean {
  return evidence.sources.some(({ asker, source }) => asker === asked.name && source.findings.length > 0);
}

/** What one run or file came to. */
interface Came {
  readonly place: Place;
  readonly measured: string | null;
  readonly isMarginal: boolean;
  readonly finding: Finding | null;
}

function saying(requirement: Requirement, asking: Asking): readonly Came[] {
  const { asked, evidence } = asking;
  if (requirement.kind === "check") {
    return judged(requirement.check, asked.where, evidence).map((sample) => ofCheck(requirement.check, sample, asking));
  }
  const { expectation, isOfFiles } = requirement;
  const all = isOfFiles ? ofFiles(expectation.measure, asking) : measured(expectation.measure, asked.where, evidence);
  const samples = asked.isPooled ? pooled(all, expectation.measure) : all;
  return samples.map((sample) => ofLimit(expectation, sample, asking));
}

/** Each file that a policy names; what is wrong with one is told by its own findings. */
function ofFiles(measure: string, { asked, evidence }: Asking): readonly Sample<Measurement>[] {
  const files = evidence.sources.filter(({ asker }) => asker === asked.name);
  return files.flatMap(({ source }): readonly Sample<Measurement>[] => {
    if (source.measurements.length === 0) return [];
    const place: Place = {
      file: source.file,
      field: "",
      criteria: [asked.name],
      command: `have its tool write ${source.file} again`,
    };
    const said = source.measurements.find((one) => one.measure === measure) ?? null;
    return [{ name: source.file, place, said, reason: untold(source, measure) }];
  });
}

/** The samples of all runs as one; a run without any stays for itself. */
function pooled(samples: readonly Sample<Measurement>[], measure: string): readonly Sample<Measurement>[] {
  const spreads = samples.flatMap(({ said }) =>
    said !== null && said.kind !== "not-measured" && said.spread !== undefined ? [said.spread] : [],
  );
  const without = samples.filter(({ said }) => said === null || said.kind === "not-measured");
  const [first] = samples;
  if (first === undefined || spreads.length === 0) return without;
  return [{ ...first, name: `${spreads.length} runs together`, said: ranked(merged(spreads), measure) }, ...without];
}

function ofLimit(expectation: Expectation, sample: Sample<Measurement>, asking: Asking): Came {
  const { said } = sample;
  const { comparator, measure } = expectation;
  const [verdict] = asking.expectations({ expectations: [expectation] }, said === null ? [] : [said]);
  const limit = said === null ? null : { comparator, limit: expectation.limit, unit: said.unit };
  const worse = said === null ? null : worseEndFor(said, comparator);
  if (verdict?.status === "pass" && limit !== null && worse !== null) {
    return {
      place: sample.place,
      measured: inWords(said),
      isMarginal: isMarginal(worse, limit, asking.marginalShare),
      finding: null,
    };
  }
  const isBroken = verdict?.status === "fail";
  const why = said === null ? sample.reason : verdict?.status === "unknown" ? verdict.reason : "it was not judged";
  const reason = isBroken
    ? `${measure} of ${sample.name} breaks ${expectation.text}`
    : `${measure} of ${sample.name} was not shown: ${why}`;
  const margin = isBroken && worse !== null && limit !== null ? { margin: marginText(worse, limit) } : {};
  const finding = findingAt({ ...sample.place, criteria: [asking.asked.name] }, isBroken ? "broken" : "inconclusive", {
    reason: `${asking.prefix}${reason}`,
    measured: inWords(said),
    required: expectation.text,
  });
  return {
    place: sample.place,
    measured: said === null || said.kind === "not-measured" ? null : inWords(said),
    isMarginal: false,
    finding: { ...finding, about: measure, ...margin },
  };
}

function ofCheck(check: string, { said, place, name, reason }: Sample<Verdict>, { asked, prefix }: Asking): Came {
  if (said?.status === "pass") return { place, measured: `${check} holds`, isMarginal: false, finding: null };
  const isBroken = said?.status === "fail";
  const why = said === null ? reason : said.status === "unknown" ? said.reason : (said.evidence[0]?.text ?? "");
  const finding = findingAt({ ...place, criteria: [asked.name] }, isBroken ? "broken" : "inconclusive", {
    reason: `${prefix}${check} of ${name} ${isBroken ? "fails" : "was not shown"}: ${why}`,
    measured: said?.status ?? "absent",
    required: `${check} holds`,
  });
  return {
    place,
    measured: said === null ? null : `${check} ${said.status}`,
    isMarginal: false,
    finding: { ...finding, about: check },
  };
}
