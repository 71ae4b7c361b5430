// Tells Python how wide the place is in which the canvas will stand, in steps, so that a
// scrollbar that comes and goes changes nothing.
const STEP = 40;
const REST_MS = 300;

export default function ({ parentElement, setStateValue }) {
  const place = parentElement.querySelector(".room");
  let told = 0;
  let timer = 0;
  const tell = () => {
    const width = Math.floor(place.clientWidth / STEP) * STEP;
    if (width === 0 || width === told) return;
    told = width;
    setStateValue("width", width);
  };
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(tell, told === 0 ? 0 : REST_MS);
  });
  observer.observe(place);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}
