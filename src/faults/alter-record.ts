import { Type } from "typebox";
import { defineFault } from "./define-fault.ts";
import { alterFiles, filesParam } from "./node-files.ts";
import { closed } from "./parameters.ts";

/** One character of one record is another, in a file with a JSON record on each line; it is still JSON, and not the last record. */
export const alterRecord = defineFault({
  name: "alter-record",
  summary: "Change one character in a record of each node's file of JSON lines; nothing takes it back.",
  params: Type.Object({ files: filesParam }, closed),
  capabilities: () => ["disk.alter"],
  refersTo: ({ files }) => ({ files: [files] }),
  work: ({ files }, input) => alterFiles(input, { how: "alter-record", files, rate: "100%" }),
});
