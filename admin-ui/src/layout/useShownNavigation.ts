import { usePermissions } from "react-admin";
import { type Asker, mayAccess } from "../providers/access.ts";
import { type NavigationItem, navigation } from "./navigation-items.ts";

/** The navigation without what whoever is signed in may not see, and without headings over nothing; empty until that is known. */
export function useShownNavigation(): readonly {
  readonly heading: string;
  readonly items: readonly NavigationItem[];
}[] {
  const { permissions } = usePermissions<Asker>();
  if (!permissions) return [];
  // A customer came for the backups of their machines.
  const isFirst = ({ heading }: { readonly heading: string }) => permissions.customer !== null && heading === "Back up";
  return navigation
    .toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)))
    .map(({ heading, items }) => ({
      heading,
      items: items
        .filter(({ resource }) => mayAccess(permissions, "list", resource))
        // A customer's first page shows the machines.
        .map((item) => (item.path === "/" && permissions.customer !== null ? { ...item, path: "/overview" } : item)),
    }))
    .filter(({ items }) => items.length > 0);
}
