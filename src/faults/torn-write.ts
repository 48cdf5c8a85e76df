import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { alterFiles, filesParam, rateParam } from "./node-files.ts";
import { closed } from "./parameters.ts";

/** A share of a node's files end in the middle of their content, as a write leaves them that was not finished. */
export const tornWrite = defineFault({
  name: "torn-write",
  summary: "Cut a share of each node's files in the middle of their content; nothing takes it back.",
  params: Type.Object({ files: filesParam, rate: rateParam }, closed),
  capabilities: () => ["disk.alter"],
  refersTo: ({ files }) => ({ files: [files] }),
  work: ({ files, rate }, input) => alterFiles(input, { how: "cut", files, rate }),
});
