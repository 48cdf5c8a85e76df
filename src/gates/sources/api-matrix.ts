import { atPointer, isList, isObject, type Json } from "../../core/json.ts";
import { contradictory, empty, shared, type Source } from "./source.ts";

/**
 * A matrix of API operations and failures: `{"matrix": "api", "cells": [{"operation", "failure", "compatible": true | false | null}]}`. What
 * was not tried (null) may be either. One cell twice is a contradiction.
 */
export const apiMatrix: Source = {
  name: "API matrix",
  read: (content) => {
    if (content.kind !== "json" || atPointer(content.value, "/matrix") !== "api") return null;
    const cells = atPointer(content.value, "/cells");
    if (!isList(cells)) return contradictory("it has no list of cells", "/cells");
    if (cells.length === 0) return empty("it has no cell: nothing was tried", "/cells");
    const odd = cells.findIndex((cell) => !isCell(cell));
    if (odd >= 0)
      return contradictory("a cell needs operation, failure, and compatible as true, false or null", `/cells/${odd}`);
    const names = cells.map((cell) => `${text(cell, "operation")} under ${text(cell, "failure")}`);
    const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
    if (twice >= 0) return contradictory(`${names[twice]} stands in it twice`, `/cells/${twice}`);
    const count = (wanted: boolean | null): number =>
      cells.filter((cell) => atPointer(cell, "/compatible") === wanted).length;
    const [compatible, untried] = [count(true), count(null)];
    const note = `${compatible} of ${cells.length} cells are compatible, ${count(false)} are not, ${untried} were not tried`;
    return {
      measurements: [
        shared("api.compatibility", { low: compatible, high: compatible + untried, of: cells.length }, note),
      ],
    };
  },
};

function isCell(cell: Json): boolean {
  const compatible = atPointer(cell, "/compatible");
  return (
    isObject(cell) &&
    text(cell, "operation") !== "" &&
    text(cell, "failure") !== "" &&
    (compatible === null || typeof compatible === "boolean")
  );
}

function text(cell: Json, key: string): string {
  const value = atPointer(cell, `/${key}`);
  return typeof value === "string" ? value : "";
}
