import { useQuery } from "@tanstack/react-query";
import { SkeletonLines } from "../layout/Message.tsx";
import { type Place, useSmartView } from "../providers/smart-view-provider.ts";

/** What changed in a text, line by line. */
export function TextDiffView({ from, to }: { readonly from: Place; readonly to: Place }) {
  const provider = useSmartView();
  const { data, error } = useQuery({
    queryKey: ["text-diff", from, to],
    queryFn: ({ signal }) => provider.textDiff(from, to, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <p className="quiet">{error.message}</p>;
  if (data === undefined) return <SkeletonLines count={3} />;
  if (data.refusal !== null) return <p className="quiet">{data.refusal}</p>;
  return (
    <section aria-label="Changed lines">
      <h3>Changed against the version before</h3>
      <figure className="diff" aria-label="Lines removed and added">
        {data.hunks.map((hunk) => (
          <div key={`${hunk.fromLine} ${hunk.toLine}`}>
            <div className="diff-place">
              line {hunk.fromLine} → {hunk.toLine}
            </div>
            {hunk.lines.map((line, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a diff may be equal and never move
              <div key={at} className={lineClass(line)}>
                {line === "" ? " " : line}
              </div>
            ))}
          </div>
        ))}
      </figure>
    </section>
  );
}

function lineClass(line: string): string {
  if (line.startsWith("+")) return "diff-line added";
  return line.startsWith("-") ? "diff-line removed" : "diff-line";
}
