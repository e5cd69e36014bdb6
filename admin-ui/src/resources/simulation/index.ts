// The simulator: who would be told if something went bad at a moment.
import { lazy } from "react";

export const simulation = {
  list: lazy(async () => ({ default: (await import("./SimulationPage.tsx")).SimulationPage })),
};
