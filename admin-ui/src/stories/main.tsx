import { localStorageStore, memoryStore } from "react-admin";
import { createRoot, type Root } from "react-dom/client";
import { App } from "../App.tsx";
import { createFakeProviders } from "../providers/fake/index.ts";
import { type Story, stories } from "./stories.ts";

// For developers and tests: `stories.html?story=hosts-full` shows one screen on the fake provider, `?theme=dark` in the dark, without a
// story the list of all. An event `show-story` with an address as its detail shows that one without loading the page again, which takes a test
// half the time.
let root: Root | null = null;

function StoryPage({ shown, query }: { shown: Story; query: URLSearchParams }) {
  const theme = query.get("theme");
  const store = query.has("keep") ? localStorageStore() : memoryStore(theme ? { theme } : {});
  return <App providers={createFakeProviders({ ...shown.scenario, nowMs: Date.now() })} store={store} />;
}

function StoryList() {
  return (
    <main style={{ padding: 24, columns: "220px" }}>
      <h1 style={{ marginTop: 0 }}>Stories</h1>
      {stories.map((each) => (
        <div key={each.name}>
          <a href={`?story=${each.name}`}>{each.name}</a> <a href={`?story=${each.name}&theme=dark`}>dark</a>
        </div>
      ))}
    </main>
  );
}

function showAddress(): void {
  const element = document.getElementById("root");
  if (element === null) return;
  const query = new URLSearchParams(window.location.search);
  const story = stories.find((each) => each.name === query.get("story"));
  if (story && (window.location.hash === "" || window.location.hash === "#/")) window.location.hash = story.path;
  root = createRoot(element);
  root.render(story ? <StoryPage shown={story} query={query} /> : <StoryList />);
}

window.addEventListener("show-story", (event) => {
  if (!(event instanceof CustomEvent)) return;
  // Nothing of the story before is left to be taken for this one's.
  root?.unmount();
  window.history.replaceState(null, "", String(event.detail));
  showAddress();
});
showAddress();
