// The sample payment provider. The card stays in the browser: the form sends a token in its place. Without a script the
// fields are sent as they are. A real provider's script takes the place of this one (docs/security.md).

const form = document.querySelector("form[data-card]");
const fields = [...form.querySelectorAll("input[pattern]")];

function fault(field) {
  const value = field.value.trim();
  if (!value) return field.dataset.missing;
  const match = new RegExp(`^(?:${field.pattern})$`, "u").exec(value);
  if (!match) return field.dataset.wrong;
  return field.dataset.expired && isOver(match) ? field.dataset.expired : "";
}

// Whether the month has ended everywhere, as the server reckons.
function isOver([, month, year]) {
  const now = new Date(Date.now() - 12 * 3600 * 1000);
  return (2000 + year % 100) * 12 + Number(month) < now.getUTCFullYear() * 12 + now.getUTCMonth() + 1;
}

// As the server shows a message at a field.
function show(field, message) {
  const id = `${field.name}-error`;
  document.getElementById(id)?.remove();
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
  if (!message) return;
  const text = document.createElement("p");
  text.className = "error";
  text.id = id;
  text.textContent = message;
  field.after(text);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
}

function token() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return "sample-" + [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");
}

form.addEventListener("submit", event => {
  fields.forEach(field => show(field, fault(field)));
  const wrong = fields.find(fault);
  if (!wrong) return;
  event.preventDefault();
  wrong.focus();
});

form.addEventListener("formdata", event => {
  fields.forEach(field => event.formData.delete(field.name));
  if (!fields.some(fault)) event.formData.set("cardToken", token());
});
