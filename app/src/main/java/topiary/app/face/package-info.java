/** What a request and an answer are, whatever server carries them. */
package topiary.app.face;
