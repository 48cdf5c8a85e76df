import { Type } from "typebox";
import { closed, nameText } from "../core/schema-parts.ts";

/** A waiver as an example. */
export const aWaiver = {
  waive: "p2p.connection",
  scenario: "network-partition",
  reason: "The relay starts cold; mended with the next release.",
  owner: "@network-team",
  issue: "#412",
  expires: "2026-12-15",
};

/** The language of one waiver. */
export const waiver = Type.Object(
  {
    waive: Type.String({
      minLength: 1,
      description: "A measure, a check or a criterion. Data loss, split brain and missing evidence are never waived.",
      examples: ["p2p.connection"],
    }),
    scenario: nameText({ description: "In this scenario alone.", examples: ["network-partition"] }),
    variant: Type.Optional(nameText({ description: "In this variant alone.", examples: ["majority"] })),
    reason: Type.String({
      minLength: 10,
      description: "Why it may be so for now.",
      examples: ["The relay starts cold; mended with the next release."],
    }),
    owner: Type.String({ minLength: 1, description: "Who answers for it.", examples: ["@network-team"] }),
    issue: Type.String({
      minLength: 1,
      description: "Where it is worked on.",
      examples: ["https://example.org/issues/412", "#412"],
    }),
    expires: Type.String({
      pattern: "^\\d{4}-\\d\\d-\\d\\d$",
      description: "Its last day (UTC), at most 30 days from now. After that the policy is an error.",
      examples: ["2026-12-15"],
    }),
  },
  { ...closed, description: "A limit that may be broken for a while.", examples: [aWaiver] },
);
