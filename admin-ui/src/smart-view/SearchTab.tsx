import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "react-router-dom";
import { ErrorMessage, Message, SkeletonLines } from "../layout/Message.tsx";
import { useSmartView } from "../providers/smart-view-provider.ts";
import { sizeText } from "../resources/backup-runs/run-text.ts";
import { EntryIcon } from "./EntryTable.tsx";
import type { TabProps } from "./MachinePage.tsx";
import { momentText } from "./SnapshotPicker.tsx";
import { parentOf, writeAddress } from "./view-address.ts";

/** Finds files by name in all snapshots, also those that are long gone from the machine. */
export function SearchTab({ machine, repository }: TabProps) {
  const provider = useSmartView();
  const [pattern, setPattern] = useState("");
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["find", repository.id, pattern],
    queryFn: ({ signal }) => provider.find(repository.id, pattern, signal),
    enabled: pattern !== "",
  });
  function search(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setPattern(String(new FormData(event.currentTarget).get("pattern")).trim());
  }
  return (
    <section className="panel" aria-label="Search">
      <search>
        <form className="panel-body row" onSubmit={search}>
          <TextField
            name="pattern"
            label="Name"
            required
            autoFocus
            helperText="part of a name, or *.pdf; every snapshot is searched"
            sx={{ flex: "1 1 240px" }}
          />
          <Button type="submit" variant="contained">
            Search
          </Button>
        </form>
      </search>
      {pattern === "" ? null : isFetching ? (
        <SkeletonLines count={6} />
      ) : error ? (
        <ErrorMessage error={error} onRetry={refetch} />
      ) : data === undefined || data.lines.length === 0 ? (
        <Message title={`No snapshot has “${pattern}”`} />
      ) : (
        <>
          <p className="panel-body quiet" role="status">
            {data.isTruncated
              ? `The first ${data.lines.length}; a longer name finds less.`
              : `${data.lines.length} found.`}
          </p>
          <table className="table" aria-label="Found">
            <thead>
              <tr>
                <th scope="col">Name and folder</th>
                <th scope="col" style={{ width: 96 }}>
                  Size
                </th>
                <th scope="col" className="modifiedAtMs" style={{ width: 200 }}>
                  Last seen in
                </th>
              </tr>
            </thead>
            <tbody>
              {data.lines.map(({ entry, newestSnapshotId, newestAtMs }) => (
                <tr key={`${entry.path} ${newestSnapshotId}`}>
                  <td>
                    <Link
                      className="entry-name"
                      to={`/machines/${machine.id}/files?${writeAddress({
                        repositoryId: repository.id,
                        snapshotId: newestSnapshotId,
                        path: entry.type === "dir" ? entry.path : parentOf(entry.path),
                        file: entry.type === "dir" ? null : entry.path,
                      })}`}
                    >
                      <EntryIcon type={entry.type} />
                      <span className="clip">
                        {entry.name} <span className="quiet">{parentOf(entry.path)}</span>
                      </span>
                    </Link>
                  </td>
                  <td className="number">{entry.sizeBytes === null ? "" : sizeText(entry.sizeBytes)}</td>
                  <td className="modifiedAtMs quiet">{momentText(newestAtMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
