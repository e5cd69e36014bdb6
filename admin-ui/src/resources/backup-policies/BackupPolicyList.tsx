import type { Stored } from "@mycloud/protocol/definition";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { contentText, objectiveText, scheduleText } from "./policy-text.ts";

type Policy = Stored<"BackupPolicy">;

const columns: readonly Column<Policy>[] = [
  {
    key: "name",
    label: "Name",
    sortBy: "name",
    width: "16%",
    render: (policy) => (
      <Link className="strong clip" to={repositoriesOf(policy)}>
        {policy.name}
      </Link>
    ),
  },
  {
    key: "content",
    label: "Backs up",
    narrow: "full",
    render: (policy) => (
      <code className="mono clip" title={contentText(policy)}>
        {contentText(policy)}
      </code>
    ),
  },
  {
    key: "schedule",
    label: "When",
    width: "22%",
    narrow: "hide",
    render: (policy) => <span className="clip">{scheduleText(policy)}</span>,
  },
  {
    key: "objective",
    label: "Objective",
    width: 110,
    render: (policy) => objectiveText(policy.objectives.rpoSeconds),
  },
  {
    key: "key",
    label: "Key",
    width: 104,
    narrow: "hide",
    render: (policy) => policy.keyMode,
  },
  {
    key: "enabled",
    label: "In force",
    width: 92,
    narrow: "hide",
    render: (policy) => (policy.isEnabled ? "yes" : <span className="quiet">no</span>),
  },
];

function repositoriesOf({ name }: Policy): string {
  return `/backup-repositories?filter=${encodeURIComponent(JSON.stringify({ policyName: name }))}`;
}

export function BackupPolicyList() {
  return (
    <ListPage<Policy>
      title="Backup policies"
      columns={columns}
      sort={{ field: "name", order: "ASC" }}
      filters={<TextFilter source="q" label="Words" />}
      rowPath={repositoriesOf}
      empty={
        <Message title="No policies yet">
          <p>
            Write one as a file and type <code className="mono">mycloud apply -f policy.yaml</code>.
          </p>
        </Message>
      }
    />
  );
}
