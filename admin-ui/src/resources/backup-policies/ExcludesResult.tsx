import type { ExcludesPreview, ExcludesRule } from "@mycloud/protocol/backup-policy";
import { sizeText } from "../backup-runs/run-text.ts";
import { countText, leftOutBy, matchesNothing, ruleText } from "./excludes-text.ts";

/** What each rule leaves out, and what is left. */
export function ExcludesResult({
  hostName,
  preview,
}: {
  readonly hostName: string;
  readonly preview: ExcludesPreview;
}) {
  const { kept, rules, unread, uncountedMounts, isWhole } = preview;
  const leftOut = leftOutBy(rules);
  const most = isWhole ? "" : "at least ";
  return (
    <>
      <div className="table-wrap">
        <table className="table auto" aria-label={`What is left out on ${hostName}`}>
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">Leaves out</th>
              <th scope="col">Saves</th>
            </tr>
          </thead>
          <tbody>
            {[...rules.entries()].map(([position, rule]) => (
              <RuleRow key={position} rule={rule} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Left out in all</th>
              <td>
                {most}
                {countText(leftOut.files, "file")}
              </td>
              <td>{sizeText(leftOut.bytes)}</td>
            </tr>
            <tr>
              <th scope="row">Backed up</th>
              <td>
                {most}
                {countText(kept.files, "file")}
              </td>
              <td>{sizeText(kept.bytes)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      {isWhole ? null : <p className="tone-warning">The time was up before everything was counted.</p>}
      {unread.count > 0 ? (
        <details>
          <summary>{countText(unread.count, "place")} could not be looked at</summary>
          <ul>
            {unread.named.map(({ path, message }) => (
              <li key={path}>
                <code className="mono wrap">{path}</code> {message}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {uncountedMounts > 0 ? (
        <p className="hint">
          {countText(uncountedMounts, "mount")} of the kernel or of other machines left out, and not looked into
        </p>
      ) : null}
    </>
  );
}

function RuleRow({ rule }: { readonly rule: ExcludesRule }) {
  const name = <code className="mono wrap">{ruleText(rule)}</code>;
  const least = rule.isWhole ? "" : "at least ";
  const folders = rule.folders > 0 ? `, ${countText(rule.folders, "folder")}` : "";
  return (
    <tr>
      <td>
        {rule.examples.length === 0 ? (
          name
        ) : (
          <details>
            <summary>{name}</summary>
            <ul>
              {rule.examples.map(({ path, isFolder, files, bytes }) => (
                <li key={path}>
                  <code className="mono wrap">{path}</code>{" "}
                  <span className="quiet">
                    {isFolder ? `${countText(files, "file")}, ` : ""}
                    {sizeText(bytes)}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </td>
      <td>
        {matchesNothing(rule) ? (
          <span className="mark">matches nothing</span>
        ) : (
          `${rule.isTakingBack ? "takes back " : ""}${least}${countText(rule.files, "file")}${folders}`
        )}
      </td>
      <td>{rule.isTakingBack ? "" : sizeText(rule.bytes)}</td>
    </tr>
  );
}
