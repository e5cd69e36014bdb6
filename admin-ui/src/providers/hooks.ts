import { useDataProvider, usePermissions } from "react-admin";
import { type Asker, mayAccess } from "./access.ts";
import type { ConsoleProvider } from "./types.ts";

/** The data provider with the console's own verbs. */
export function useConsole(): ConsoleProvider {
  return useDataProvider<ConsoleProvider>();
}

/** Says whether whoever is signed in may do something; false until that is known. */
export function useMayAccess(action: string, resource: string): boolean {
  const { permissions } = usePermissions<Asker>();
  return permissions !== undefined && mayAccess(permissions, action, resource);
}

/** Whether whoever is signed in may acknowledge, set downtimes, comment and check now. */
export function useMayAct(): boolean {
  return useMayAccess("act", "services");
}
