/** Makes the certificates by which nodes and persons know each other. */
package topiary.app.cert;
