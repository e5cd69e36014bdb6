import { useQuery } from "@tanstack/react-query";
import { SkeletonLines } from "../layout/Message.tsx";
import { type Place, useSmartView } from "../providers/smart-view-provider.ts";
import { DiffHunks } from "./DiffHunks.tsx";

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
      <DiffHunks hunks={data.hunks} />
    </section>
  );
}
