import DeleteIcon from "@mui/icons-material/DeleteOutlined";
import IconButton from "@mui/material/IconButton";
import type { Comment } from "@mycloud/protocol/comment";
import { useDelete, useGetList } from "react-admin";
import { useMayAct } from "../providers/hooks.ts";
import { RelativeTime } from "../time/RelativeTime.tsx";
import { Panel } from "./Panel.tsx";

/** What people wrote about a host or service. */
export function CommentsPanel({ hostId, serviceId }: { hostId: number; serviceId: number | null }) {
  const { data = [] } = useGetList<Comment>("comments", {
    pagination: { page: 1, perPage: 20 },
    sort: { field: "createdAtMs", order: "DESC" },
    filter: serviceId === null ? { hostId, serviceId: null } : { serviceId },
  });
  const mayAct = useMayAct();
  const [remove] = useDelete();
  if (data.length === 0) return null;
  return (
    <Panel title="Comments" isFlush>
      <ul className="change-list">
        {data.map((comment) => (
          <li key={comment.id} style={{ gridTemplateColumns: "minmax(0, 1fr) max-content" }}>
            <span className="wrap" style={{ whiteSpace: "pre-wrap" }}>
              {comment.text}
            </span>
            {mayAct ? (
              <IconButton
                size="small"
                aria-label={`Delete the comment by ${comment.authorName}`}
                onClick={() => remove("comments", { id: comment.id, previousData: comment })}
              >
                <DeleteIcon sx={{ fontSize: 16 }} />
              </IconButton>
            ) : null}
            <span className="quiet">
              {comment.authorName}, <RelativeTime atMs={comment.createdAtMs} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
