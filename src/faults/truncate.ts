import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { alterFiles, filesParam, rateParam } from "./node-files.ts";
import { closed } from "./parameters.ts";

/** A share of a node's files are empty. */
export const truncate = defineFault({
  name: "truncate",
  summary: "Empty a share of each node's files; nothing takes it back.",
  params: Type.Object({ files: filesParam, rate: rateParam }, closed),
  capabilities: () => ["disk.alter"],
  refersTo: ({ files }) => ({ files: [files] }),
  work: ({ files, rate }, input) => alterFiles(input, { how: "empty", files, rate }),
});
