/** The doors: which requests are let in, and the web server that carries them. */
package topiary.app.http;
