import type { ReactNode } from "react";
import { type Shape, stateLook } from "./state-look.ts";

// Drawn on a 16-unit grid. The inner mark is cut out in the surface's colour, so that the shape reads without colour too.
const paths: Readonly<Record<Shape, ReactNode>> = {
  disc: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.8 8.2l2.2 2.2 4.2-4.6" className="state-mark" />
    </>
  ),
  triangle: (
    <>
      <path d="M8 1.3 15.3 14H.7z" fill="currentColor" />
      <path d="M8 6v3.6M8 11.4v.6" className="state-mark" />
    </>
  ),
  octagon: (
    <>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor" />
      <path d="M5.5 5.5l5 5m0-5l-5 5" className="state-mark" />
    </>
  ),
  diamond: (
    <>
      <path d="M8 .6 15.4 8 8 15.4.6 8z" fill="currentColor" />
      <path d="M6.2 6.4c.2-2.2 3.6-2.1 3.6 0 0 1.3-1.8 1.4-1.8 2.8M8 11.2v.5" className="state-mark" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6.3" fill="none" stroke="currentColor" strokeWidth="1.7" strokeDasharray="3.2 1.7" />
      <path d="M8 4.6V8l2.3 1.6" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  ring: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M4.7 8h.2M7.9 8h.2M11.1 8h.2" stroke="currentColor" strokeWidth="1.9" strokeLinecap="round" />
    </>
  ),
  "arrow-down": (
    <>
      <rect x="1" y="1" width="14" height="14" rx="2.5" fill="currentColor" />
      <path d="M8 4v7.2M4.9 8.4 8 11.5l3.1-3.1" className="state-mark" />
    </>
  ),
  "broken-link": (
    <>
      <path d="M8 .6 15.4 8 8 15.4.6 8z" fill="currentColor" />
      <path d="M4.8 8h2M9.2 8h2M7.4 5.6l1.2 4.8" className="state-mark" />
    </>
  ),
};

/** A state's shape in its colour. Decorative, since the state's name stands beside it; where it does not, give it as `title`. */
export function StateIcon({ state, size = 16, title }: { state: string; size?: number; title?: string }) {
  const look = stateLook(state);
  const classes = `state-icon tone-${look.tone}`;
  if (title === undefined) {
    return (
      <svg className={classes} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
        {paths[look.shape]}
      </svg>
    );
  }
  return (
    <svg className={classes} width={size} height={size} viewBox="0 0 16 16" role="img" aria-label={title}>
      <title>{title}</title>
      {paths[look.shape]}
    </svg>
  );
}
