import { Link } from "react-router-dom";

/** Leads to the host whose agent runs the checks of another one. */
export function ProberLink({ name }: { name: string }) {
  return <Link to={`/hosts?filter=${encodeURIComponent(JSON.stringify({ name }))}`}>{name}</Link>;
}
