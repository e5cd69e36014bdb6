import { sizeText } from "../resources/backup-runs/run-text.ts";
import type { ChangeNode } from "./change-tree.ts";

const marks = { added: "+", removed: "−", modified: "~", metadata: "m", type: "t" } as const;
const words = {
  added: "added",
  removed: "removed",
  modified: "changed",
  metadata: "owner, mode or time",
  type: "became something else",
} as const;
/** Of one folder; the rest is counted. */
const shownAtMost = 300;

/** Folders that open, files with what became of them. */
export function ChangeBranches({
  nodes,
  isOpen = false,
}: {
  readonly nodes: readonly ChangeNode[];
  readonly isOpen?: boolean;
}) {
  const isOnlyOne = nodes.length === 1;
  return (
    <ul className="change-tree">
      {nodes.slice(0, shownAtMost).map((node) => (
        <li key={node.path}>
          {node.children.length === 0 ? (
            <ChangeLine node={node} />
          ) : (
            <details open={isOpen && (isOnlyOne || node.children.length <= 20)}>
              <summary>
                <ChangeLine node={node} />
              </summary>
              <ChangeBranches nodes={node.children} isOpen={isOpen && isOnlyOne} />
            </details>
          )}
        </li>
      ))}
      {nodes.length > shownAtMost ? (
        <li className="quiet">and {(nodes.length - shownAtMost).toLocaleString("en")} more</li>
      ) : null}
    </ul>
  );
}

function ChangeLine({ node }: { readonly node: ChangeNode }) {
  const counts = [
    ...(node.added > 0 ? [`+${node.added}`] : []),
    ...(node.removed > 0 ? [`−${node.removed}`] : []),
    ...(node.modified > 0 ? [`~${node.modified}`] : []),
  ];
  const size = node.bytes === 0 ? "" : `${node.bytes < 0 ? "−" : "+"}${sizeText(Math.abs(node.bytes))}`;
  return (
    <span className="change-line">
      {node.change === null ? null : (
        <span className={`change-mark ${node.change}`} title={words[node.change]}>
          <span aria-hidden>{marks[node.change]}</span>
          <span className="visually-hidden">{words[node.change]}</span>
        </span>
      )}
      <span className="wrap">{node.name}</span>
      <span className="quiet">
        {node.children.length > 0 ? `${counts.join(" ")} ` : ""}
        {size}
      </span>
    </span>
  );
}
