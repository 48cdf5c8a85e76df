import { expect, test } from "vitest";
import { checks } from "./index.ts";
import { evidenced, historyOf } from "../core/testing/history-of.ts";

test.each(Object.entries(checks))(
  "%s is registered under its own name, and an empty history leaves it unknown.",
  (name, check) => {
    const verdict = check.check(evidenced(historyOf([])));
    expect(verdict).toMatchObject({ check: name, status: "unknown" });
    expect(check.name).toBe(name);
  },
);
