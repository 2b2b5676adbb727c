// Sends the answer on to the application at once; without this module the button does.
document.getElementById("form-post").requestSubmit();
