import { Component, type ReactNode } from "react";
import { ErrorMessage } from "./Message.tsx";

/** Keeps a page's fault inside the page: the frame and its navigation stay usable. */
export class PageErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <ErrorMessage error={this.state.error} onRetry={() => window.location.reload()} />;
  }
}
