// Availability: for what share of a time hosts and services were in which state.
import { lazy } from "react";

export const availability = {
  list: lazy(async () => ({ default: (await import("./AvailabilityPage.tsx")).AvailabilityPage })),
};
