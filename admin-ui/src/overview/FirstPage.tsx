import { lazy } from "react";
import { usePermissions } from "react-admin";
import type { Asker } from "../providers/access.ts";

export const OverviewPage = lazy(async () => ({ default: (await import("./OverviewPage.tsx")).OverviewPage }));
export const MachinesPage = lazy(async () => ({
  default: (await import("../smart-view/MachinesPage.tsx")).MachinesPage,
}));

/** Where everybody begins: customers with their machines, those who run the installation with all of it. */
export function FirstPage() {
  const { permissions } = usePermissions<Asker>();
  if (permissions === undefined) return null;
  return permissions.customer === null ? <OverviewPage /> : <MachinesPage />;
}
