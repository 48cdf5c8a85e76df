import type { Outcome } from "./command.ts";
import { gauges } from "./core/abort-condition.ts";
import { capabilities } from "./core/capability.ts";
import { readDocument } from "./core/document.ts";
import { exitCodes } from "./core/exit-code.ts";
import { HarnessError } from "./core/harness-error.ts";
import { isList, isObject, type Json, type JsonObject } from "./core/json.ts";
import { own } from "./core/own.ts";
import { quoted } from "./core/printable.ts";
import { schemaKeys } from "./core/schema-keys.ts";
import { textOf } from "./core/schema-node.ts";
import { plainText } from "./core/schema-words.ts";
import { didYouMean } from "./core/suggest.ts";
import { capabilitiesOf } from "./core/target-capabilities.ts";
import { faults } from "./faults/index.ts";
import { catalogueTargets, findScenarios, findTarget, inventory, type InventoryItem } from "./harness-catalogue.ts";
import { measures } from "./measures/index.ts";
import { probes } from "./probes/index.ts";
import { showText, type Shown } from "./reporters/show-text.ts";
import { workloads } from "./workloads/index.ts";

// The part of the composition root that shows one thing by its name, as its file or registry has it.

/** Shows everything that has this name: a scenario or target (also by its file), a fault, probe, measure, check or workload. Throws `HarnessError` (exit 64). */
export function show(asked: string): Outcome {
  const items = inventory(null).filter(({ name }) => name === asked);
  const shown = items.map(ofItem);
  const all = shown.length === 0 && /\.(ya?ml|json)$/.test(asked) ? [ofFile(asked)] : shown;
  if (all.length === 0) throw unknown(asked);
  const note = all.length === 1 ? "" : `${all.length} things are called ${quoted(asked)}.\n\n`;
  return { exitCode: exitCodes.pass, text: note + all.map(showText).join("\n\n"), json: all };
}

/** Every name that `show` knows, for completion and for whoever mistypes. */
export function showable(): readonly string[] {
  return [...new Set(inventory(null).map(({ name }) => name))];
}

function ofItem({ kind, name, summary }: InventoryItem): Shown {
  switch (kind) {
    case "scenarios":
      return ofScenario(name);
    case "targets":
      return ofTarget(name);
    case "faults":
      return { kind: "fault", name, summary, facts: faultFacts(name) };
    case "probes":
      return { kind: "probe", name, summary, facts: [["asks", [own(probes, name)?.operation ?? ""]]] };
    case "measures":
      return { kind: "measure", name, summary, facts: [["unit", [own(measures, name)?.unit ?? ""]]] };
    case "checks":
      return { kind: "check", name, summary, facts: [] };
    case "workloads":
      return { kind: "workload", name, summary, facts: [["asks", own(workloads, name)?.operations ?? []]] };
    case "gauges":
      return { kind: "gauge", name, summary, facts: [["unit", [own(gauges, name)?.unit ?? ""]]] };
    case "capabilities":
      return { kind: "capability", name, summary, facts: [["targets that have it", having(name)]] };
  }
}

function ofFile(file: string): Shown {
  const { value } = readDocument(file);
  const isTarget = isObject(value) && Object.hasOwn(value, "operations");
  return isTarget ? ofTarget(file) : ofScenario(file);
}

function ofScenario(asked: string): Shown {
  const file = findScenarios(asked)[0]?.file ?? asked;
  const value = top(file);
  const variants = Object.entries(child(value, "variants")).flatMap(([name, variant]) => {
    const { title = "", cast = {}, timeline = [], expect } = isObject(variant) ? variant : {};
    const steps = isList(timeline) ? timeline.map((step) => `    ${plainText(step)}`) : [];
    const expects = expect === undefined ? [] : [`    expects ${plainText(expect)}`];
    return [`${name}: ${textOf(title) ?? ""}`, `    cast ${plainText(cast)}`, ...steps, ...expects];
  });
  return {
    kind: "scenario",
    name: plainText(value["name"]),
    summary: textOf(value["title"]) ?? "",
    facts: [
      ["why", [textOf(value["description"]) ?? ""].filter((text) => text !== "")],
      ["class", lines(value["class"])],
      ["needs", lines(value["needs"])],
      ["parameters", lines(value["parameters"])],
      ["profiles", lines(value["profiles"])],
      ["traffic", lines(value["workload"])],
      ["checks", lines(value["checks"])],
      ["expects", lines(value["expect"])],
      ["aborts", lines(value["abort"])],
      ["limits", lines(value["limits"])],
      ["variants", variants],
      ["file", [file]],
    ],
  };
}

function ofTarget(asked: string): Shown {
  const target = findTarget(asked);
  const { file } = target;
  const value = top(file);
  const operations = Object.entries(child(value, "operations")).map(([name, operation]) => {
    const { values = null, ...how } = isObject(operation) ? operation : {};
    const way = ["method", "port", "path"].flatMap((key) => (typeof how[key] === "string" ? [how[key]] : []));
    return `${name}: ${way.join(" ")}${values === null ? "" : ` gives ${Object.keys(isObject(values) ? values : {}).join(", ")}`}`;
  });
  const { start: _start, ...nodes } = child(value, "nodes");
  return {
    kind: "target",
    name: plainText(value["name"]),
    summary: textOf(value["title"]) ?? "",
    facts: [
      ["nodes", lines(nodes)],
      ["links", lines(value["links"])],
      ["operations", operations],
      ["hooks", Object.keys(child(value, "hooks"))],
      ["capabilities", capabilitiesOf(target).map((name) => `${name}: ${capabilities[name]}`)],
      ["file", [file]],
    ],
  };
}

/** Names of the targets that allow this. */
function having(capability: string): readonly string[] {
  return catalogueTargets()
    .filter((target) => capabilitiesOf(target).some((name) => name === capability))
    .map(({ name }) => name);
}

function faultFacts(name: string): Shown["facts"] {
  const fault = own(faults, name);
  if (fault === undefined) return [];
  const parameters = schemaKeys(fault.schema).map(({ path, schema, isRequired }) => {
    return `${path.join(".")}${isRequired ? "" : "?"}: ${textOf(schema["description"]) ?? ""}`;
  });
  return [["parameters", parameters.length === 0 ? ["none"] : parameters]];
}

function top(file: string): JsonObject {
  const { value } = readDocument(file);
  return isObject(value) ? value : {};
}

function child(value: JsonObject, key: string): JsonObject {
  const found = value[key];
  return isObject(found) ? found : {};
}

/** A value of a file on lines of its own: one for each key or entry. */
function lines(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  if (isList(value)) return value.map((one) => (typeof one === "string" ? one : plainText(one)));
  return isObject(value) ? Object.entries(value).map(([key, one]) => `${key}: ${plainText(one)}`) : [plainText(value)];
}

function unknown(asked: string): HarnessError {
  const near = didYouMean(asked, showable());
  return new HarnessError(`there is nothing called ${quoted(asked)}${near.startsWith(" (") ? near : ""}`, {
    code: "no-such-name",
    exit: "usage",
    next: "prism-chaos list shows what there is; a scenario or target may also be given as a file",
  });
}
