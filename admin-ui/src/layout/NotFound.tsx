import { Link } from "react-router-dom";
import { Message } from "./Message.tsx";
import { usePageTitle } from "./page-title.ts";

/** A page that is not there, or not for this role. */
export function NotFound() {
  usePageTitle("Not found");
  return (
    <section className="panel">
      <Message title="There is no such page for you">
        <p>The address is wrong, what it showed was deleted, or your role may not see it.</p>
        <Link to="/">Back to the overview</Link>
      </Message>
    </section>
  );
}
