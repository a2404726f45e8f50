/**
 * Who is who: keys and certificates, read again when their files change, users and passwords, and
 * how a client shows who it is.
 */
package topiary.app.security;
