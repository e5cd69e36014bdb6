import type { SnapshotEntry } from "@mycloud/protocol/snapshot-view";
import { useQuery } from "@tanstack/react-query";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { type Place, useSmartView } from "../providers/smart-view-provider.ts";
import { previewOf } from "./preview-of.ts";

/** A picture as a picture, a text as a text; of anything else that it is none. */
export function FilePreview({ place, entry }: { readonly place: Place; readonly entry: SnapshotEntry }) {
  const provider = useSmartView();
  const kind = previewOf(entry);
  const text = useQuery({
    queryKey: ["file-text", place],
    queryFn: ({ signal }) => provider.text(place, signal),
    enabled: kind === "text",
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (kind === "image") return <img className="file-image" src={provider.fileUrl(place, false)} alt={entry.name} />;
  if (kind === "none") return <p className="quiet">No preview of this file. Download it to look at it.</p>;
  if (text.error) return <ErrorMessage error={text.error} onRetry={text.refetch} />;
  if (text.data === undefined) return <SkeletonLines count={4} />;
  if (text.data === null) return <p className="quiet">This is no text. Download it to look at it.</p>;
  return (
    <section aria-label={`Content of ${entry.name}`}>
      <pre className="output file-text">{text.data === "" ? "(empty)" : text.data}</pre>
    </section>
  );
}
