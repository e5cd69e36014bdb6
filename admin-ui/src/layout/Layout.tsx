import MenuIcon from "@mui/icons-material/MenuOutlined";
import CssBaseline from "@mui/material/CssBaseline";
import IconButton from "@mui/material/IconButton";
import { type ReactNode, Suspense, useRef, useState } from "react";
import { Notification } from "react-admin";
import { Link, useLocation } from "react-router-dom";
import { LiveProvider } from "../live/LiveProvider.tsx";
import type { Subscribe } from "../providers/types.ts";
import { SearchBox } from "../search/SearchBox.tsx";
import { NowProvider } from "../time/NowContext.tsx";
import { AccountMenu } from "./AccountMenu.tsx";
import { LiveIndicator } from "./LiveIndicator.tsx";
import { Logo } from "./Logo.tsx";
import { SkeletonLines } from "./Message.tsx";
import { Navigation } from "./Navigation.tsx";
import { PageErrorBoundary } from "./PageErrorBoundary.tsx";
import { ShortcutsDialog } from "./ShortcutsDialog.tsx";
import { useShortcuts } from "./useShortcuts.ts";

/** The frame around every page: bar, navigation, live events and keyboard. */
export function Layout({ children, subscribe }: { children: ReactNode; subscribe: Subscribe }) {
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useShortcuts({
    onSearch: () => search.current?.focus(),
    onHelp: () => {
      // The page is hidden from screen readers as the dialog opens; what is hidden must not hold the focus.
      main.current?.blur();
      setHelpOpen(true);
    },
  });
  return (
    <NowProvider>
      <LiveProvider subscribe={subscribe}>
        <CssBaseline />
        <button type="button" className="skip" onClick={() => main.current?.focus()}>
          Skip to content
        </button>
        <div className="frame">
          <header className="bar">
            <span className="menu-button">
              <IconButton
                size="small"
                aria-label="Navigation"
                aria-expanded={isMenuOpen}
                onClick={() => setMenuOpen((isOpen) => !isOpen)}
              >
                <MenuIcon />
              </IconButton>
            </span>
            <Link className="brand" to="/" aria-label="MyCloud, overview">
              <Logo />
              <span>MyCloud</span>
            </Link>
            <SearchBox inputRef={search} />
            <span className="spacer" />
            <LiveIndicator />
            <AccountMenu onHelp={() => setHelpOpen(true)} />
          </header>
          <Navigation isOpen={isMenuOpen} onNavigate={() => setMenuOpen(false)} />
          <main className="main" ref={main} tabIndex={-1}>
            <PageErrorBoundary key={pathname}>
              <Suspense fallback={<SkeletonLines count={5} />}>{children}</Suspense>
            </PageErrorBoundary>
          </main>
        </div>
        <ShortcutsDialog isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
        <Notification />
      </LiveProvider>
    </NowProvider>
  );
}
