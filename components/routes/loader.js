// Fetches the components' code once and hands every call on to its part. Streamlit sends this text
// with each run of the page; the code itself is far larger.
const modules = new Map();

function load(path) {
  const url = new URL(path, window.location.href).href;
  if (!modules.has(url)) {
    const loading = import(url);
    loading.catch(() => modules.delete(url));
    modules.set(url, loading);
  }
  return modules.get(url);
}

export default function (call) {
  const stopping = load(call.data.module).then((module) => module[call.data.part](call));
  return () => stopping.then((stop) => stop());
}
