import { Type } from "typebox";
import { own } from "../core/own.ts";
import { defineFault } from "./define-fault.ts";
import { filesParam } from "./node-files.ts";
import { onNodes } from "./on-nodes.ts";
import { closed } from "./parameters.ts";

/** A folder of a node's data fails: nothing in it can be opened. It comes back as it was. */
export const folderFailure = defineFault({
  name: "folder-failure",
  summary: "Let a folder of each node's data fail: nothing in it can be opened. It comes back as it was.",
  params: Type.Object({ files: filesParam }, closed),
  capabilities: () => ["disk.fail"],
  refersTo: ({ files }) => ({ files: [files] }),
  work: ({ files }, input) => {
    const failing = own(input.files, files)?.failing ?? null;
    const effect = onNodes(input, {
      capability: "disk.fail",
      undo: "restore",
      params: () => ({ files }),
      sign: (node) =>
        failing === null
          ? null
          : {
              sign: "reports",
              node,
              text: `has ${files} that fail`,
              operation: failing.operation,
              force: [{ value: failing.value, equals: failing.equals }],
            },
    });
    return { ...effect, shownWithinMs: noticeMs };
  },
});

/** A node notices it when it next uses the folder, in ms. */
const noticeMs = 5000;
