import type { FileRequest } from "@mycloud/protocol/agent-question";
import { DeleteRequest, LiveChange, MakeFolderRequest, RenameRequest } from "@mycloud/protocol/live-file";
import { forOperators, type Route, route } from "../http/route.ts";
import { type Asker, askFiles, type LiveFiles, MachineParams, machineOf } from "./live-machine.ts";
import { noteChange } from "./note-change.ts";

type ChangeRequest = Extract<FileRequest, { kind: "make-folder" | "rename" | "delete" }>;

const address = "/api/v1/machines/:hostId/files";

/** Folders made, files and folders renamed and deleted on live machines. */
export function createChangeRoutes(files: LiveFiles): Route[] {
  async function change(asker: Asker, hostId: number, request: ChangeRequest): Promise<LiveChange> {
    const machine = await machineOf(files, asker, hostId);
    const { kind, path, ...detail } = request;
    const noted = { action: `machine-file.${kind}`, path, detail: () => detail };
    return await noteChange(files, asker, machine, noted, async () => {
      const { head } = await askFiles(files, machine, request, "changed", { signal: asker.signal });
      return { entry: head.entry };
    });
  }

  return [
    route({
      method: "post",
      path: `${address}/make-folder`,
      summary: "Make a folder on a live machine",
      access: forOperators,
      params: MachineParams,
      body: MakeFolderRequest,
      answer: LiveChange,
      handle: ({ params, body, ...asker }) => change(asker, params.hostId, { kind: "make-folder", ...body }),
    }),
    route({
      method: "post",
      path: `${address}/rename`,
      summary: "Rename or move a file or folder of a live machine to where nothing is",
      access: forOperators,
      params: MachineParams,
      body: RenameRequest,
      answer: LiveChange,
      handle: ({ params, body, ...asker }) => change(asker, params.hostId, { kind: "rename", ...body }),
    }),
    route({
      method: "post",
      path: `${address}/delete`,
      summary: "Delete a file or folder of a live machine",
      access: forOperators,
      params: MachineParams,
      body: DeleteRequest,
      answer: LiveChange,
      handle: ({ params, body, ...asker }) => change(asker, params.hostId, { kind: "delete", ...body }),
    }),
  ];
}
