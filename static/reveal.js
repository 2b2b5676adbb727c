// Lets a person see the password that they type. The switch is hidden until this module runs.
for (const box of document.querySelectorAll("[data-reveals]")) {
  const field = document.getElementById(box.dataset.reveals);
  const show = (isShown) => {
    field.type = isShown ? "text" : "password";
  };
  box.checked = false;
  box.closest("[hidden]").hidden = false;
  box.addEventListener("change", () => show(box.checked));
  // Browsers keep what was typed into a text field; a password is sent from a password field.
  field.form.addEventListener("submit", () => show(false));
}
