@echo off
rem Runs Maven for this project with a JDK 25 and a Maven 3.9 or newer, finding or fetching what is missing: mvnw for Windows.
rem   JDK 25:     JAVA_HOME, javac on the PATH, JAVA25_HOME, the usual places of Windows
rem   Maven 3.9+: mvn on the PATH; else fetched once as an artifact by an older mvn, so that the user's own mirrors
rem               apply; else from the Apache archive, with its digest checked
setlocal EnableExtensions DisableDelayedExpansion

set "JDK=25"
set "MAVEN=3.9.16"
set "MAVEN_SHA512=ed41650d42485cfc243fad22158caf9cbb5dc408ce7a09ddb94dd42a019de929ca43065bfa450612cf12bf78b5cafa3884b96c090de326ff590448c933454af3"
set "ARCHIVE=https://archive.apache.org/dist/maven/maven-3/%MAVEN%/binaries/apache-maven-%MAVEN%-bin.zip"

set "FOUND="
call :jdk "%JAVA_HOME%"
for /f "delims=" %%j in ('where javac.exe 2^>nul') do call :jdk "%%~dpj.."
call :jdk "%JAVA25_HOME%"
for /d %%j in (
    "%ProgramFiles%\Eclipse Adoptium\jdk*" "%ProgramFiles%\Java\jdk*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Zulu\zulu*"
    "%ProgramFiles%\Amazon Corretto\jdk*" "%ProgramFiles%\BellSoft\LibericaJDK*"
    "%LOCALAPPDATA%\Programs\Eclipse Adoptium\jdk*" "%USERPROFILE%\.jdks\*"
) do call :jdk "%%~j"
if not defined FOUND goto nojdk
set "JAVA_HOME=%FOUND%"

set "MVN="
for /f "delims=" %%m in ('where mvn.cmd 2^>nul') do if not defined MVN set "MVN=%%m"
if not defined MVN goto fetch
set "MAJOR=0"
set "MINOR=0"
for /f "tokens=3,4 delims=. " %%a in ('call "%MVN%" --version 2^>nul ^| findstr /c:"Apache Maven "') do (
    set "MAJOR=%%a"
    set "MINOR=%%b"
)
if %MAJOR% GEQ 4 goto run
if %MAJOR% EQU 3 if %MINOR% GEQ 9 goto run

:fetch
set "DIR=%USERPROFILE%\.m2\meridian"
if defined MERIDIAN_MAVEN_DIR set "DIR=%MERIDIAN_MAVEN_DIR%"
set "NEW=%DIR%\apache-maven-%MAVEN%"
if exist "%NEW%\bin\mvn.cmd" goto fetched
>&2 echo mvnw: Maven 3.9 or newer is not on the PATH: fetching %MAVEN% once, into "%NEW%"
set "WORK=%DIR%\fetch-%RANDOM%-%RANDOM%"
set "ZIP=%WORK%\apache-maven-%MAVEN%-bin.zip"
mkdir "%WORK%" || goto nowrite
if defined MVN call "%MVN%" -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy "-Dartifact=org.apache.maven:apache-maven:%MAVEN%:zip:bin" "-DoutputDirectory=%WORK%" 1>&2
rem A PowerShell that another one started looks for its own modules in the other's place.
set "PSModulePath="
powershell -NoProfile -NonInteractive -Command "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; if (-not (Test-Path -LiteralPath $env:ZIP)) { [Net.ServicePointManager]::SecurityProtocol = 'Tls12'; Invoke-WebRequest -UseBasicParsing -Uri $env:ARCHIVE -OutFile $env:ZIP }; if ((Get-FileHash -LiteralPath $env:ZIP -Algorithm SHA512).Hash -ne $env:MAVEN_SHA512) { throw 'the Maven archive has the wrong SHA-512 digest: not used' }; Expand-Archive -LiteralPath $env:ZIP -DestinationPath $env:WORK"
if errorlevel 1 goto nomaven
rem Two first runs at once: the first to arrive stays.
if not exist "%NEW%" move "%WORK%\apache-maven-%MAVEN%" "%NEW%" >nul 2>nul
rmdir /s /q "%WORK%"
if not exist "%NEW%\bin\mvn.cmd" goto nowrite

:fetched
set "MVN=%NEW%\bin\mvn.cmd"

:run
rem Without "call": this script ends with Maven, and with its exit code.
"%MVN%" %*

:jdk
if defined FOUND exit /b 0
if "%~1"=="" exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
findstr /r /c:"^JAVA_VERSION=.%JDK%[^0-9]" "%~1\release" >nul && set "FOUND=%~f1"
exit /b 0

:nojdk
>&2 echo mvnw: no JDK %JDK% found. Install one (Temurin, for example) and set JAVA_HOME to its directory.
exit /b 1

:nomaven
rmdir /s /q "%WORK%"
>&2 echo mvnw: Maven %MAVEN% could not be fetched from %ARCHIVE%: see above, or install Maven 3.9 or newer.
exit /b 1

:nowrite
>&2 echo mvnw: cannot write to "%DIR%"
exit /b 1
