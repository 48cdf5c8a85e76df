import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { alterFiles, filesParam, rateParam } from "./node-files.ts";
import { closed } from "./parameters.ts";

/** One bit is flipped in each of a share of a node's files. */
export const bitFlip = defineFault({
  name: "bit-flip",
  summary: "Flip one bit in a share of each node's files; nothing takes it back.",
  params: Type.Object({ files: filesParam, rate: rateParam }, closed),
  capabilities: () => ["disk.alter"],
  refersTo: ({ files }) => ({ files: [files] }),
  work: ({ files, rate }, input) => alterFiles(input, { how: "flip-bit", files, rate }),
});
