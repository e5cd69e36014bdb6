/** How a leaf picks hosts or services: one name, a name with `*`, or all of a group, with a label, with a tag, matching an expression. */
export interface NameFilter {
  readonly kind: "name" | "wildcard" | "group" | "label" | "tag" | "regex";
  readonly text: string;
}

/** Hosts, or with `service` services; `host` null is the rule's own. */
export interface Leaf {
  readonly kind: "leaf";
  readonly host: NameFilter | null;
  readonly service: NameFilter | null;
  readonly isNegated: boolean;
}

/** How many of the sons have to be so; with `isPercent`, of a hundred; negative counts from all of them. */
export interface Share {
  readonly count: number;
  readonly isPercent: boolean;
}

/** The worst (`&`) or best (`|`) of its sons. */
export interface Junction {
  readonly kind: "all" | "any";
  readonly sons: readonly RuleNode[];
  readonly isNegated: boolean;
}

/** `N of:`, or with `warning` and `critical` `N,M,P of:`. */
export interface Of {
  readonly kind: "of";
  readonly ok: Share;
  readonly warning: Share | null;
  readonly critical: Share | null;
  readonly sons: readonly RuleNode[];
  readonly isNegated: boolean;
}

export type RuleNode = Leaf | Junction | Of;

/** Every leaf of an expression, in the order in which they are written. Pure. */
export function leavesOf(node: RuleNode): Leaf[] {
  return node.kind === "leaf" ? [node] : node.sons.flatMap(leavesOf);
}

/** Whether a leaf stands for whatever fits it, and not for one object by name. Pure. */
export function isExpandable({ host, service }: Leaf): boolean {
  return (host !== null && host.kind !== "name") || (service !== null && service.kind !== "name");
}
