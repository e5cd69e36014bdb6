// Downtimes: planned time in which nobody is told.
import { lazy } from "react";

export const downtimes = {
  list: lazy(async () => ({ default: (await import("./DowntimeList.tsx")).DowntimeList })),
  create: lazy(async () => ({ default: (await import("./DowntimeCreate.tsx")).DowntimeCreate })),
};
