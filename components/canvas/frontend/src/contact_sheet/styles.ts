/** How the contact sheet looks, by Streamlit's own theme. */

export const STYLES = `
:host { color: var(--st-text-color); font-family: var(--st-font); font-size: 0.9rem; }
.bar { display: flex; flex-wrap: wrap; gap: 0.4rem; position: sticky; top: 0; }
.bar button {
  align-items: center; background: var(--st-secondary-background-color); cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 0.3rem);
  color: inherit; display: inline-flex; font: inherit; gap: 0.4rem; padding: 0.3rem 0.7rem;
}
.bar button:hover, .bar button:focus-visible { border-color: var(--st-primary-color); }
.bar button:disabled { cursor: default; opacity: 0.4; }
.dot { border-radius: 50%; display: inline-block; height: 0.7rem; width: 0.7rem; }
kbd { font: inherit; opacity: 0.6; }
.status { min-height: 1.4em; padding: 0.4rem 0; }
.help { opacity: 0.7; padding: 0.4rem 0; }
.grid {
  display: grid; gap: 0.6rem; padding: 3px;
  grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr));
}
[role="option"] {
  background: var(--st-secondary-background-color); border: 2px solid var(--st-border-color);
  border-radius: 0.3rem; cursor: pointer; display: grid; gap: 0.1rem; outline: none;
  padding: 0.3rem; position: relative; user-select: none;
}
[role="option"]:focus { box-shadow: 0 0 0 2px var(--st-text-color); }
[role="option"][aria-selected="true"] {
  border-color: var(--st-primary-color); box-shadow: inset 0 0 0 2px var(--st-primary-color);
}
[role="option"][aria-selected="true"]:focus {
  box-shadow: inset 0 0 0 2px var(--st-primary-color), 0 0 0 2px var(--st-text-color);
}
[role="option"][data-state="proposed"] { border-style: dashed; }
[role="option"][data-state="rejected"] img { opacity: 0.35; }
[role="option"][data-waiting="true"] .state { font-style: italic; }
img { height: 8rem; object-fit: contain; width: 100%; }
.label { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.state { opacity: 0.75; }
a {
  background: var(--st-background-color); border-radius: 0 0.2rem 0 0.3rem; color: inherit;
  padding: 0.1rem 0.4rem; position: absolute; right: 0; text-decoration: none; top: 0;
}
a:hover, a:focus-visible { color: var(--st-primary-color); }
`;
