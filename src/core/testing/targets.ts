import type { Target } from "../target.ts";

const operation = { by: "tcp", port: "p", send: "", until: null, answer: "text" } as const;

/** For tests: an operation that is never asked. */
export const asked = { ...operation, ok: { codes: null, where: [] }, definite: [], values: {}, says: {} } as const;

/** For tests: a target of one node that runs already, without links. */
export const target: Target = {
  name: "t",
  title: "T",
  nodes: {
    source: { kind: "running", addresses: [{ node: "n1", host: "h", ports: { p: 1 } }] },
    default: null,
    ports: ["p"],
    readyLimitMs: 1,
    identity: null,
    voters: null,
  },
  links: null,
  credentials: null,
  tls: null,
  capabilities: null,
  operations: { health: asked, leader: asked, read: asked },
  hooks: {},
  services: {},
  limits: { memory: null, disk: null },
  files: {},
  file: "t.yaml",
};
