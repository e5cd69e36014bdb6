import type { Overview } from "@mycloud/protocol/overview";
import { NavLink } from "react-router-dom";
import { useOverview } from "../overview/useOverview.ts";
import type { NavigationItem } from "./navigation-items.ts";
import { useShownNavigation } from "./useShownNavigation.ts";

function badgeOf(item: NavigationItem, overview: Overview | undefined): number {
  if (item.resource === "problems") return overview?.unhandledProblems ?? 0;
  if (item.resource === "notifications") return overview?.notifications.dead ?? 0;
  return 0;
}

const badgeMeaning: Readonly<Record<string, string>> = { problems: "unhandled", notifications: "not deliverable" };

/** The side navigation; shows only what whoever is signed in may see. */
export function Navigation({ isOpen, onNavigate }: { isOpen: boolean; onNavigate: () => void }) {
  const sections = useShownNavigation();
  const { data: overview } = useOverview();
  return (
    <nav className={isOpen ? "side" : "side closed"} aria-label="Main">
      <div className="side-inner">
        {sections.map(({ heading, items }) => (
          <section key={heading} aria-label={heading}>
            <h2 className="nav-heading">{heading}</h2>
            <ul className="nav-list">
              {items.map((item) => {
                const badge = badgeOf(item, overview);
                return (
                  <li key={item.path}>
                    <NavLink className="nav-link" to={item.path} end={item.path === "/"} onClick={onNavigate}>
                      <item.icon aria-hidden />
                      {item.text}
                      {badge > 0 ? (
                        <span className="badge">
                          {badge > 999 ? "999+" : badge}
                          <span className="visually-hidden"> {badgeMeaning[item.resource]}</span>
                        </span>
                      ) : null}
                    </NavLink>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </nav>
  );
}
