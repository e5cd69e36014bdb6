// Services: one watched thing on one host.
import type { Service } from "@mycloud/protocol/service";
import { lazy } from "react";

export const services = {
  list: lazy(async () => ({ default: (await import("./ServiceList.tsx")).ServiceList })),
  show: lazy(async () => ({ default: (await import("./ServiceShow.tsx")).ServiceShow })),
  edit: lazy(async () => ({ default: (await import("./ServiceEdit.tsx")).ServiceEdit })),
  create: lazy(async () => ({ default: (await import("./ServiceCreate.tsx")).ServiceCreate })),
  recordRepresentation: (service: Service) => `${service.name} on ${service.hostName}`,
};
