// Tells Python how wide the place is in which the canvas will stand, in steps. What was told
// stays true while a scrollbar comes or goes.
const STEP = 40;
const SCROLLBAR = 20;
const REST_MS = 300;

const rooms = new WeakMap();

// Streamlit calls this anew in the same place, and may clean up after an earlier call then: only a
// place that has left the page is left, and what was told of it is known as long as it stays.
export default function ({ parentElement, setStateValue }) {
  const room = rooms.get(parentElement) ?? measure(parentElement);
  rooms.set(parentElement, room);
  room.say = (width) => setStateValue("width", width);
  return () => {
    setTimeout(() => {
      if (parentElement.isConnected) return;
      room.close();
      rooms.delete(parentElement);
    });
  };
}

function measure(parentElement) {
  const place = parentElement.querySelector(".room");
  const room = {};
  let told = 0;
  let timer = 0;
  const tell = () => {
    const width = place.clientWidth;
    if (width === 0 || (told <= width && width < told + SCROLLBAR + STEP + SCROLLBAR)) return;
    told = Math.max(Math.floor((width - SCROLLBAR) / STEP) * STEP, STEP);
    room.say(told);
  };
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(tell, told === 0 ? 0 : REST_MS);
  });
  observer.observe(place);
  room.close = () => {
    clearTimeout(timer);
    observer.disconnect();
  };
  return room;
}
