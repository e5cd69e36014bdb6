// Hosts: the machines that are watched.
import type { Host } from "@mycloud/protocol/host";
import { lazy } from "react";

export const hosts = {
  list: lazy(async () => ({ default: (await import("./HostList.tsx")).HostList })),
  show: lazy(async () => ({ default: (await import("./HostShow.tsx")).HostShow })),
  edit: lazy(async () => ({ default: (await import("./HostEdit.tsx")).HostEdit })),
  create: lazy(async () => ({ default: (await import("./HostCreate.tsx")).HostCreate })),
  recordRepresentation: (host: Host) => host.name,
};
